#include "image/labels/fill_holes.hpp"

#include <vector>

#include "image/labels/flood.hpp"
#include "image/labels/label_parts.hpp"
#include "image/labels/label_runs.hpp"

namespace musclemap::image {
namespace {

// The background between the runs of a row, in a row that has one voxel of background more at either end.
void gaps_between(const std::vector<LabelRun>& runs, std::int64_t length, std::vector<LabelRun>* gaps) {
  gaps->clear();
  std::int64_t begin = 0;
  for (const LabelRun& run : runs) {
    if (run.begin + 1 > begin) gaps->push_back({begin, run.begin + 1, 1});
    begin = run.end + 1;
  }
  gaps->push_back({begin, length + 2, 1});
}

}  // namespace

// With a frame of background around the volume, all that is outside is one component, which has voxel 0.
// The others are complete when they are told of, so that each is filled before the pass ends.
std::int64_t fill_holes(const VoxelView<std::uint8_t>& mask) {
  const Index3& n = mask.shape;
  const Index3 framed{n[0] + 2, n[1] + 2, n[2] + 2};
  std::int64_t filled = 0;
  const auto fill = [&](const LabelPart& part) {
    if (part.first == 0) return;
    const std::int64_t column = part.first / framed[2];
    flood(
        n, {column / framed[1] - 1, column % framed[1] - 1, part.first % framed[2] - 1},
        [&](std::int64_t i, std::int64_t j, std::int64_t k) { return mask(i, j, k) == 0; },
        [&](std::int64_t begin, std::int64_t end, std::int64_t j, std::int64_t k) {
          for (std::int64_t i = begin; i < end; ++i) mask(i, j, k) = 1;
        });
    filled += part.voxels;
  };
  LabelParts background(framed, fill);
  const std::vector<LabelRun> frame{{0, framed[0], 1}};
  std::vector<LabelRun> runs;
  std::vector<LabelRun> gaps;
  for (std::int64_t k = -1; k <= n[2]; ++k) {
    for (std::int64_t j = -1; j <= n[1]; ++j) {
      if (k < 0 || k == n[2] || j < 0 || j == n[1]) {
        background.add_row(frame);
        continue;
      }
      find_runs(mask, j, k, &runs);
      gaps_between(runs, n[0], &gaps);
      background.add_row(gaps);
    }
  }
  return filled;
}

}  // namespace musclemap::image
