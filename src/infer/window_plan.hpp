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
  std::int64_t window = 0;
  std::int64_t pad_low = 0;  ///< zeros before the image; starts count from the first of them
  std::vector<std::int64_t> starts;
};

/// The image's pixels are padded at the high end to `least`; what a window still lacks is padded on both
/// sides, the smaller half below, as MONAI's inferer does. Windows that lie in the padding alone are left
/// out: nobody sees their scores.
AxisPlan plan_axis(std::int64_t image, std::int64_t window, double overlap, std::int64_t least = 0);

/// Windows along x and y, and the image that they cover; every window sees a pixel of it. Scores cover
/// [0, image_x) and [0, image_y) alone.
struct SlicePlan {
  AxisPlan x;
  AxisPlan y;
  std::int64_t image_x = 0;
  std::int64_t image_y = 0;

  std::int64_t windows() const { return static_cast<std::int64_t>(x.starts.size() * y.starts.size()); }
};

/// First pixel of a window in the image; negative where it starts in the padding.
struct WindowPlace {
  std::int64_t x = 0;
  std::int64_t y = 0;
};

/// Every window of a slice, x slowest: the order in which they are blended.
std::vector<WindowPlace> window_places(const SlicePlan& plan);

/// The pixels of a window that lie in the image, counted from the window's first.
struct VisiblePart {
  std::int64_t x_begin = 0;
  std::int64_t x_end = 0;
  std::int64_t y_begin = 0;
  std::int64_t y_end = 0;
};
VisiblePart visible_part(const SlicePlan& plan, const WindowPlace& place);

/// Copies a window, [x][y] with y fastest, out of an image of that order; zeros outside.
void cut_window(const SlicePlan& plan, const float* image, const WindowPlace& place, float* window);

/// Gaussian importance of a window's pixels, [x][y] with y fastest, sigma = 0.125 * size, at least 0.001.
std::vector<float> importance_map(std::int64_t nx, std::int64_t ny);

/// Sum of the windows' importance at every pixel of the image, [x][y], added in the windows' order.
std::vector<float> total_importance(const SlicePlan& plan, const std::vector<float>& importance);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_WINDOW_PLAN_HPP_
