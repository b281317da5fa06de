// Which way a volume's axes point, and the flips and permutation that make it RAS+.
#ifndef MUSCLEMAP_IMAGE_ORIENTATION_HPP_
#define MUSCLEMAP_IMAGE_ORIENTATION_HPP_

#include <array>
#include <cstdint>

#include "image/matrix.hpp"
#include "musclemap/geometry.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::image {

/// Axis a of the stored volume becomes axis ras_axis[a]; flipped first where flip[a].
struct Orientation {
  std::array<int, 3> ras_axis{0, 1, 2};
  std::array<bool, 3> flip{false, false, false};
};

/// Closest RAS+ orientation, axis by axis as nibabel's io_orientation (docs/chains/musclemap.md,
/// section 4.2).
Orientation closest_ras(const Affine& to_world);

/// Shape of the oriented volume.
Index3 oriented_shape(const Orientation& orientation, const Index3& stored);

/// Oriented voxel indices to world: A · X with X the flip and permutation.
Matrix4 oriented_affine(const Orientation& orientation, const Geometry& stored);

/// Stored axis that became oriented axis `axis`.
int stored_axis(const Orientation& orientation, int axis);

/// The same voxels indexed along the oriented axes; nothing is copied.
template <class T>
VoxelView<T> oriented_view(const Orientation& orientation, const VoxelView<T>& stored) {
  VoxelView<T> result{stored.data, {}, {}};
  for (std::size_t a = 0; a < 3; ++a) {
    const auto to = static_cast<std::size_t>(orientation.ras_axis[a]);
    result.shape[to] = stored.shape[a];
    result.stride[to] = orientation.flip[a] ? -stored.stride[a] : stored.stride[a];
    if (orientation.flip[a]) result.data += (stored.shape[a] - 1) * stored.stride[a];
  }
  return result;
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_ORIENTATION_HPP_
