#include "infer/volume_windows.hpp"

#include <string>
#include <utility>

#include "infer/window_weights.hpp"
#include "musclemap/error.hpp"

namespace musclemap::infer {

std::vector<std::int64_t> VolumeWindows::shape(std::int64_t channels) const {
  if (axes == 2) return {1, channels, y.window, x.window};
  return {1, channels, z.window, y.window, x.window};
}

VolumeWindows plan_volume(const std::vector<std::int64_t>& patch, double step, const Index3& image) {
  if (patch.size() != 2 && patch.size() != 3) {
    throw Error(ErrorCode::argument,
                "a window has " + std::to_string(patch.size()) + " axes; it may have 2 or 3");
  }
  VolumeWindows plan;
  plan.image = image;
  plan.axes = static_cast<int>(patch.size());
  const Index3 size{patch.size() == 3 ? patch[0] : 1, patch[patch.size() - 2], patch[patch.size() - 1]};
  const auto axis = [&](std::int64_t voxels, std::int64_t window) {
    return plan_axis(voxels, window, step, 0, Placement::nnunet);
  };
  // A network of two axes sees every slice, whatever the step.
  plan.z = plan.axes == 3 ? axis(image[2], size[0]) : plan_axis(image[2], 1, 0);
  plan.y = axis(image[1], size[1]);
  plan.x = axis(image[0], size[2]);
  // The map's own axes are slowest first: the order in which the Gaussian's factors are multiplied.
  plan.weights = window_weights(Weight::gaussian_nnunet, size);
  return plan;
}

}  // namespace musclemap::infer
