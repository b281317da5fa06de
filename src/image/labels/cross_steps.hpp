// Dilation and erosion of a mask by steps over faces.
#ifndef MUSCLEMAP_IMAGE_LABELS_CROSS_STEPS_HPP_
#define MUSCLEMAP_IMAGE_LABELS_CROSS_STEPS_HPP_

#include <cstdint>

#include "musclemap/volume.hpp"

namespace musclemap::image {

/// Sets to 1 what `steps` steps from voxel to neighbouring voxel lead to from a voxel that is not 0, and all
/// else to 0: SciPy's binary_dilation() with its cross and so many iterations. In place; the time does not
/// depend on the number of steps. 0 steps or fewer: nothing moves.
void dilate_by_steps(const VoxelView<std::uint8_t>& mask, std::int64_t steps);

/// Sets to 0 what so many steps lead to from a voxel that is 0, and all else to 1. What is outside of the
/// volume counts as 0: SciPy's binary_erosion().
void erode_by_steps(const VoxelView<std::uint8_t>& mask, std::int64_t steps);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_CROSS_STEPS_HPP_
