// Where the windows of a sliding-window run lie (docs/chains/musclemap.md, section 4.7).
#ifndef MUSCLEMAP_INFER_WINDOW_PLAN_HPP_
#define MUSCLEMAP_INFER_WINDOW_PLAN_HPP_

#include <array>
#include <cstdint>
#include <vector>

#include "musclemap/geometry.hpp"

namespace musclemap::infer {

/// Whose rule places the windows.
enum class Placement : std::uint8_t {
  monai,   ///< steps of trunc(window * (1 - overlap)), at least 1; the last window ends with the image
  nnunet,  ///< as few equal steps of at most window * (1 - overlap) as reach the end; starts round half to
           ///< even
};

/// Whose map weights them.
enum class Weight : std::uint8_t {
  gaussian_monai,   ///< sigma 0.125 * size, at least 0.001
  gaussian_nnunet,  ///< sigma size / 8, cut off at 4 sigma, 10 at its greatest, in half precision
};

/// What the weighted scores of windows are summed in.
enum class Sum : std::uint8_t {
  f32,
  f16,  ///< half precision, rounded behind every window (docs/chains/totalsegmentator.md, section 7)
};

/// Windows of a field of any number of axes: those without a window's extent have 1 there and are swept.
struct WindowSpec {
  Index3 size{1, 1, 1};  ///< voxels along x, y, z
  /// As the original states it, for 1 - 0.9 is not 0.1. monai: the part of a window shared with the next one,
  /// in [0, 1); nnunet: the step from one to the next as a part of a window, in (0, 1].
  double overlap_or_step = 0;
  Index3 least{1, 1, 1};  ///< the image is padded to this with zeros, at the high end
  Placement placement = Placement::monai;
  Weight weight = Weight::gaussian_monai;
  Sum sum = Sum::f32;
  int axes = 2;  ///< of the network
};

/// First voxels of the windows along one axis. `size` >= `window`.
std::vector<std::int64_t> window_starts(std::int64_t size, std::int64_t window, double overlap_or_step,
                                        Placement placement = Placement::monai);

/// One axis of a plan: the image, padded with zeros to at least the window, and its windows.
struct AxisPlan {
  std::int64_t window = 0;
  std::int64_t pad_low = 0;  ///< zeros before the image; starts count from the first of them
  std::vector<std::int64_t> starts;
};

/// The image's pixels are padded at the high end to `least`; what a window still lacks is padded on both
/// sides, the smaller half below, as MONAI and nnU-Net do. Windows that lie in the padding alone are left
/// out: nobody sees their scores.
AxisPlan plan_axis(std::int64_t image, std::int64_t window, double overlap_or_step, std::int64_t least = 0,
                   Placement placement = Placement::monai);

/// Windows along every axis of an image of that shape.
struct WindowPlan {
  std::array<AxisPlan, 3> axes;
  Index3 image{};

  std::int64_t windows() const {
    std::int64_t count = 1;
    for (const AxisPlan& axis : axes) count *= static_cast<std::int64_t>(axis.starts.size());
    return count;
  }
};
WindowPlan plan_windows(const WindowSpec& windows, const Index3& image);

/// Windows along x and y of a slice, and the image that they cover; every window sees a pixel of it. Scores
/// cover [0, image_x) and [0, image_y) alone.
struct SlicePlan {
  AxisPlan x;
  AxisPlan y;
  std::int64_t image_x = 0;
  std::int64_t image_y = 0;
  std::vector<float> importance;  ///< of a window's pixels, [x][y] with y fastest

  std::int64_t windows() const { return static_cast<std::int64_t>(x.starts.size() * y.starts.size()); }
};

/// First pixel of a window in the image; negative where it starts in the padding.
struct WindowPlace {
  std::int64_t x = 0;
  std::int64_t y = 0;
};

/// `windows` have an extent of 1 along z.
SlicePlan plan_slice(const WindowSpec& windows, std::int64_t image_x, std::int64_t image_y);

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

/// Sum of the windows' importance at every pixel of the image, [x][y], added in the windows' order.
std::vector<float> total_importance(const SlicePlan& plan);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_WINDOW_PLAN_HPP_
