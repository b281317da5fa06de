// Are two volumes on one grid, and if so, how is the one stored along the axes of the other?
#ifndef MUSCLEMAP_IMAGE_GRID_CHECK_HPP_
#define MUSCLEMAP_IMAGE_GRID_CHECK_HPP_

#include <vector>

#include "image/orientation.hpp"
#include "musclemap/error.hpp"
#include "musclemap/geometry.hpp"

namespace musclemap::image {

/// Furthest distance between the corners of two volumes of one shape, in voxels of `a`; infinity for an
/// affine that cannot be inverted.
double corner_distance_voxels(const Geometry& a, const Geometry& b);

/// A grid and what messages call its volume.
struct NamedGrid {
  Geometry grid;
  const char* name;
};

/// Two grids that are one.
struct GridMatch {
  Orientation to_reference;    ///< turns the axes of the other volume into those of the reference
  double distance_voxels = 0;  ///< of the furthest corners
  /// grid_reordered and grid_tolerance, where there is something to say.
  std::vector<Warning> warnings;
};

/// Error `geometry` that names cause and remedy, unless both volumes have the same voxels up to the order and
/// direction of their axes, with no corner further away than `tolerance` voxels. Error `argument` for a
/// tolerance below 0 or not finite, and for an empty volume.
GridMatch match_grids(const NamedGrid& reference, const NamedGrid& other, double tolerance);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_GRID_CHECK_HPP_
