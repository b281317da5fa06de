#include "decode/flows/follow_voxels.hpp"

#include <algorithm>
#include <random>
#include <vector>

#include "musclemap/cells.hpp"
#include "support/catch.hpp"

namespace musclemap {
namespace {

// The rule as it stands: every voxel by itself, all steps.
std::vector<float> plain_ends(const CellFlows& flows, std::int64_t steps) {
  const std::int64_t voxels = flows.depth * flows.height * flows.width;
  const std::int64_t shape[3] = {flows.depth, flows.height, flows.width};
  std::vector<std::vector<float>> ends(3);
  for (std::int64_t n = 0; n < voxels; ++n) {
    if (!(flows.cellprob[n] > 0)) continue;
    float at[3] = {static_cast<float>(n / (shape[1] * shape[2])), static_cast<float>(n / shape[2] % shape[1]),
                   static_cast<float>(n % shape[2])};
    for (std::int64_t step = 0; step < steps; ++step) {
      const std::int64_t here =
          (static_cast<std::int64_t>(at[0]) * shape[1] + static_cast<std::int64_t>(at[1])) * shape[2] +
          static_cast<std::int64_t>(at[2]);
      if (!(flows.cellprob[here] > 0)) break;
      for (std::int64_t axis = 0; axis < 3; ++axis) {
        const float moved = at[axis] + flows.flows[axis * voxels + here] / 5.0F;
        at[axis] = std::min(static_cast<float>(shape[axis] - 1), std::max(0.0F, moved));
      }
    }
    for (std::size_t axis = 0; axis < 3; ++axis) ends[axis].push_back(at[axis]);
  }
  std::vector<float> all;
  for (const std::vector<float>& each : ends) all.insert(all.end(), each.begin(), each.end());
  return all;
}

TEST_CASE("cell masks: voxels follow the flows of a volume without interpolation", "[decode]") {
  std::mt19937 random(5);
  std::uniform_real_distribution<float> real(-6, 6);
  const std::int64_t depth = 7;
  const std::int64_t height = 9;
  const std::int64_t width = 11;
  std::vector<float> flows(static_cast<std::size_t>(3 * depth * height * width));
  std::vector<float> cellprob(flows.size() / 3);
  for (float& value : flows) value = real(random);
  for (float& value : cellprob) value = real(random) + 3;
  const CellFlows given{flows.data(), cellprob.data(), depth, height, width};
  CellMaskOptions options;
  options.interp = false;
  for (const double steps : {0.0, 1.0, 7.9, 200.0}) {
    CAPTURE(steps);
    options.niter = steps;
    std::vector<std::uint32_t> labels;
    for (const int threads : {1, 2}) {
      RunControl control;
      control.threads = threads;
      CellMaskStages stages;
      const CellMasks masks = cell_masks(given, options, control, &stages);
      CHECK(stages.positions == plain_ends(given, static_cast<std::int64_t>(steps)));
      if (threads == 1) labels = masks.labels;
      CHECK(masks.labels == labels);
    }
  }
}

}  // namespace
}  // namespace musclemap
