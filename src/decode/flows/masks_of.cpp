#include "decode/flows/masks_of.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "base/progress.hpp"
#include "decode/flows/clean_up.hpp"
#include "decode/flows/flow_check.hpp"
#include "decode/flows/follow_flows.hpp"
#include "decode/flows/follow_voxels.hpp"
#include "decode/flows/grid_sample.hpp"
#include "decode/flows/label_ends.hpp"
#include "image/labels/label_sizes.hpp"
#include "image/resample/opencv_resize.hpp"

namespace musclemap::decode {
namespace {

constexpr std::int64_t kParts = 4;  // of which progress is reported
// Of a band: its window takes 8 bytes a pixel.
constexpr std::int64_t kBandPixels = std::int64_t{1} << 25U;
constexpr std::int64_t kLeastBandRows = 256;

std::int64_t band_rows(const FlowShape& shape) { return std::max(kBandPixels / shape.width, kLeastBandRows); }

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

FlowEnds ends_of(const Foreground& foreground, const CellMaskOptions& options, bool positions,
                 const RunControl& control) {
  FollowOptions follow;
  follow.steps = static_cast<std::int64_t>(options.niter);
  follow.interp = options.interp;
  follow.positions = positions;
  follow.band_rows = band_rows(foreground.shape());
  const bool volume = foreground.shape().axes == 3;
  if (volume && !options.interp) return follow_voxels(foreground, follow, control);
  const bool sampled = volume || options.dynamics == CellDynamics::grid_sample;
  return sampled ? follow_by_grid_sample(foreground, follow, control)
                 : follow_flows(foreground, follow, control);
}

std::vector<std::uint32_t> spread(const Foreground& foreground, const std::vector<std::uint32_t>& labels) {
  const FlowShape& shape = foreground.shape();
  std::vector<std::uint32_t> map(static_cast<std::size_t>(shape.pixels()));
  for (std::int64_t row = 0; row < shape.rows(); ++row) {
    foreground.for_runs(row, [&](const ForegroundRun& run, const float* /*steps*/) {
      std::copy_n(labels.data() + run.first, run.end - run.begin, map.data() + row * shape.width + run.begin);
    });
  }
  return map;
}

// Labels whose flows are not the network's become 0.
void check_flows(const Foreground& foreground, std::uint32_t greatest, const CellMaskOptions& options,
                 const RunControl& control, std::vector<std::uint32_t>* labels, CellMaskStages* stages) {
  std::vector<double> errors = options.dynamics == CellDynamics::cpu
                                   ? flow_errors(foreground, *labels, greatest, control)
                                   : joint_flow_errors(foreground, *labels, greatest, control);
  for (std::uint32_t& label : *labels) {
    if (label != 0 && errors[label - 1] > options.flow_threshold) label = 0;
  }
  if (stages != nullptr) stages->flow_errors = std::move(errors);
}

// By the nearest voxel.
std::vector<std::uint32_t> resized(const std::vector<std::uint32_t>& labels, const FlowShape& from,
                                   const MaskSize& to) {
  std::vector<std::uint32_t> result;
  result.reserve(static_cast<std::size_t>(to.depth * to.height * to.width));
  for (const std::int64_t z : image::nearest_indices(from.depth, to.depth)) {
    const std::vector<std::uint32_t> plane = image::resize_nearest(
        labels.data() + z * from.height * from.width, from.height, from.width, to.height, to.width);
    result.insert(result.end(), plane.begin(), plane.end());
  }
  return result;
}

std::int64_t labels_in(const std::vector<std::uint32_t>& labels) {
  const std::vector<std::int64_t> sizes = image::label_sizes(labels);
  return std::count_if(sizes.begin() + 1, sizes.end(), [](std::int64_t size) { return size > 0; });
}

}  // namespace

CellMasks masks_of(Foreground foreground, const CellMaskOptions& options, const RunControl& control,
                   CellMaskStages* stages, const MaskSize& size) {
  FlowShape shape = foreground.shape();
  CellMasks masks;
  Watch watch;
  FlowEnds ends = ends_of(foreground, options, stages != nullptr, control);
  masks.seconds.dynamics = watch.lap();
  base::report(control, Stage::filter, 1, kParts);

  std::vector<std::uint32_t> labels = std::move(ends.pixels);
  std::uint32_t greatest = label_ends(shape, band_rows(shape), control, &labels);
  greatest =
      drop_large_labels(options.max_size_fraction * static_cast<double>(shape.pixels()), greatest, &labels);
  if (stages != nullptr) *stages = {std::move(ends.positions), spread(foreground, labels), {}};
  masks.seconds.seeds = watch.lap();
  base::report(control, Stage::filter, 2, kParts);

  if (shape.axes == 2 && options.flow_threshold > 0) {
    check_flows(foreground, greatest, options, control, &labels, stages);
  }
  foreground.forget_steps();
  masks.seconds.flow_check = watch.lap();
  base::report(control, Stage::filter, 3, kParts);

  masks.labels = spread(foreground, labels);
  labels = {};
  if (size.height > 0) {
    masks.labels = resized(masks.labels, shape, size);
    shape.depth = size.depth;
    shape.height = size.height;
    shape.width = size.width;
  }
  clean_up(shape, options, &masks.labels);
  masks.count = labels_in(masks.labels);
  masks.seconds.clean_up = watch.lap();
  base::report(control, Stage::filter, kParts, kParts);
  return masks;
}

std::size_t MaskMemory::at(double share) const {
  const auto part = [share](std::size_t all) {
    return static_cast<std::size_t>(share * static_cast<double>(all));
  };
  return std::max(part(following) + window, part(painting) + maps);
}

MaskMemory mask_memory(const FlowShape& shape, const CellMaskOptions& options, std::int64_t mask_pixels) {
  // Of a pixel: its steps and runs; its end, then its label; what seeds grow to.
  constexpr std::size_t kStepBytes = 8;
  constexpr std::size_t kRunBytes = 2;
  constexpr std::size_t kEndBytes = 4;
  constexpr std::size_t kSeedBytes = 2;
  constexpr std::size_t kHeldBytes = 8;  // in a window of flows, heat of all labels
  constexpr std::int64_t kMarginRows = 256;
  const auto pixels = static_cast<std::size_t>(shape.pixels());
  const std::int64_t rows = std::min(band_rows(shape) + kMarginRows, shape.rows());
  const bool whole = options.dynamics == CellDynamics::grid_sample;
  const std::size_t of_maps =
      static_cast<std::size_t>(mask_pixels) + (mask_pixels == shape.pixels() ? 0 : pixels);
  MaskMemory memory;
  memory.foreground = (kStepBytes + kRunBytes) * pixels;
  memory.following = memory.foreground + (kEndBytes + kSeedBytes) * pixels;
  memory.window = kHeldBytes * (whole ? pixels : static_cast<std::size_t>(rows * shape.width));
  memory.painting = (kRunBytes + kEndBytes) * pixels;
  memory.maps = sizeof(std::uint32_t) * of_maps;
  return memory;
}

}  // namespace musclemap::decode
