#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "decode/flows/flow_check.hpp"
#include "decode/flows/follow_flows.hpp"
#include "decode/flows/foreground.hpp"
#include "decode/flows/grid_sample.hpp"
#include "decode/flows/label_ends.hpp"
#include "decode/flows/mask_options.hpp"
#include "image/labels/fill_label_holes.hpp"
#include "image/labels/label_sizes.hpp"
#include "image/labels/largest_parts.hpp"
#include "musclemap/cells.hpp"

namespace musclemap {
namespace {

using decode::FlowShape;
using decode::Foreground;

constexpr std::int64_t kParts = 4;  // of which progress is reported

FlowShape shape_of(const CellFlows& flows) {
  const std::int64_t most = Foreground::kMostPixels;
  base::check_number(flows.depth, 0, most, "flows.depth");
  base::check_number(flows.height, 1, most, "flows.height");
  base::check_number(flows.width, 1, most, "flows.width");
  if (flows.flows == nullptr || flows.cellprob == nullptr) {
    throw Error(ErrorCode::argument, "flows and cell logits are both needed; one of them is null");
  }
  return {std::max<std::int64_t>(flows.depth, 1), flows.height, flows.width, flows.depth == 0 ? 2 : 3};
}

Foreground foreground_of(const CellFlows& flows, const CellMaskOptions& options, int threads) {
  const FlowShape shape = shape_of(flows);
  Foreground foreground(shape, options.cellprob_threshold);
  decode::FlowRows rows{{}, flows.cellprob, 0, shape.rows()};
  for (std::int64_t axis = 0; axis < shape.axes; ++axis) {
    rows.flows[static_cast<std::size_t>(axis)] = flows.flows + axis * shape.pixels();
  }
  foreground.add_rows(rows, threads);
  return foreground;
}

// Seconds since the last call, or the beginning.
class Watch {
 public:
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    return std::chrono::duration<double>(now - std::exchange(last_, now)).count();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

std::vector<std::uint32_t> spread(const Foreground& foreground, const std::vector<std::uint32_t>& labels) {
  const FlowShape& shape = foreground.shape();
  std::vector<std::uint32_t> map(static_cast<std::size_t>(shape.pixels()));
  for (std::int64_t row = 0; row < shape.rows(); ++row) {
    foreground.for_runs(row, [&](const decode::ForegroundRun& run, const float* /*steps*/) {
      std::copy_n(labels.data() + run.first, run.end - run.begin, map.data() + row * shape.width + run.begin);
    });
  }
  return map;
}

// Labels whose flows are not the network's become 0.
void check_flows(const Foreground& foreground, std::uint32_t greatest, const CellMaskOptions& options,
                 const RunControl& control, std::vector<std::uint32_t>* labels, CellMaskStages* stages) {
  std::vector<double> errors = options.dynamics == CellDynamics::cpu
                                   ? decode::flow_errors(foreground, *labels, greatest, control)
                                   : decode::joint_flow_errors(foreground, *labels, greatest, control);
  for (std::uint32_t& label : *labels) {
    if (label != 0 && errors[label - 1] > options.flow_threshold) label = 0;
  }
  if (stages != nullptr) stages->flow_errors = std::move(errors);
}

void clean_up(const FlowShape& shape, const CellMaskOptions& options, std::vector<std::uint32_t>* labels) {
  const auto which =
      options.compat == CellCompat::v3_1_1_2 ? image::SmallLabels::by_rank : image::SmallLabels::by_number;
  const std::array<std::int64_t, 3> planes{shape.depth, shape.height, shape.width};
  if (options.largest_part_only) image::keep_largest_parts(planes, labels);
  if (options.min_size > 0) image::drop_small_labels(options.min_size, which, labels);
  image::fill_label_holes(planes, shape.axes == 3, labels);
  if (options.min_size > 0) image::drop_small_labels(options.min_size, which, labels);
}

std::int64_t labels_in(const std::vector<std::uint32_t>& labels) {
  const std::vector<std::int64_t> sizes = image::label_sizes(labels);
  return std::count_if(sizes.begin() + 1, sizes.end(), [](std::int64_t size) { return size > 0; });
}

}  // namespace

CellMasks cell_masks(const CellFlows& flows, const CellMaskOptions& options, const RunControl& control,
                     CellMaskStages* stages) {
  base::check_options(options);
  const int threads = base::resolve_threads(control.threads);
  CellMasks masks;
  Watch watch;
  Foreground foreground = foreground_of(flows, options, threads);
  const FlowShape shape = foreground.shape();
  decode::FollowOptions follow;
  follow.steps = static_cast<std::int64_t>(options.niter);
  follow.interp = options.interp;
  follow.positions = stages != nullptr;
  const bool sampled = shape.axes == 3 || options.dynamics == CellDynamics::grid_sample;
  decode::FlowEnds ends = sampled ? decode::follow_by_grid_sample(foreground, follow, control)
                                  : decode::follow_flows(foreground, follow, control);
  masks.seconds.dynamics = watch.lap();
  base::report(control, Stage::filter, 1, kParts);

  std::vector<std::uint32_t> labels = std::move(ends.pixels);
  std::uint32_t greatest = decode::label_ends(shape, follow.band_rows, control, &labels);
  greatest = decode::drop_large_labels(options.max_size_fraction * static_cast<double>(shape.pixels()),
                                       greatest, &labels);
  if (stages != nullptr) {
    *stages = {std::move(ends.positions), spread(foreground, labels), {}};
  }
  masks.seconds.seeds = watch.lap();
  base::report(control, Stage::filter, 2, kParts);

  if (shape.axes == 2 && options.flow_threshold > 0) {
    check_flows(foreground, greatest, options, control, &labels, stages);
  }
  masks.seconds.flow_check = watch.lap();
  base::report(control, Stage::filter, 3, kParts);

  masks.labels = spread(foreground, labels);
  clean_up(shape, options, &masks.labels);
  masks.count = labels_in(masks.labels);
  masks.seconds.clean_up = watch.lap();
  base::report(control, Stage::filter, kParts, kParts);
  return masks;
}

}  // namespace musclemap
