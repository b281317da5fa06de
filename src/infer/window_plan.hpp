// Where the windows of a sliding-window run lie and how they are weighted (MuscleMap spec, section 4.7).
#ifndef MUSCLEMAP_INFER_WINDOW_PLAN_HPP_
#define MUSCLEMAP_INFER_WINDOW_PLAN_HPP_

#include <cstdint>
#include <vector>

namespace musclemap::infer {

/// First voxels of the windows along one axis. `size` >= `window`; overlap in [0, 1).
std::vector<std::int64_t> window_starts(std::int64_t size, std::int64_t window, double overlap);

/// One axis of a plan: the image, padded with zeros to at least the window, and its windows.
struct AxisPlan {
  std::int64_t size = 0;  ///< of the image
  std::int64_t window = 0;
  std::int64_t pad_low = 0;  ///< zeros before the image; starts count from the first of them
  std::vector<std::int64_t> starts;
};

/// `size` is the image after the padding of the pipeline; what a window still lacks is padded on both sides,
/// the smaller half below, as MONAI's inferer does.
AxisPlan plan_axis(std::int64_t size, std::int64_t window, double overlap);

/// Gaussian importance of a window's pixels, [x][y] with y fastest, sigma = 0.125 * size, at least 0.001.
std::vector<float> importance_map(std::int64_t nx, std::int64_t ny);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_WINDOW_PLAN_HPP_
