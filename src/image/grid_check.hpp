// Are two volumes on one grid?
#ifndef MUSCLEMAP_IMAGE_GRID_CHECK_HPP_
#define MUSCLEMAP_IMAGE_GRID_CHECK_HPP_

#include "musclemap/geometry.hpp"

namespace musclemap::image {

/// Furthest distance between the corners of two volumes of one shape, in voxels of `a`; infinity for an
/// affine that cannot be inverted.
double corner_distance_voxels(const Geometry& a, const Geometry& b);

/// Error `geometry` that says how the two, named for the message, differ, unless both have one shape and no
/// corner lies further than 1e-3 voxel away.
void check_same_grid(const Geometry& a, const char* a_name, const Geometry& b, const char* b_name);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_GRID_CHECK_HPP_
