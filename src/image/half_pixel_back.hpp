// How scores go back through a resampling with half-pixel coordinates.
#ifndef MUSCLEMAP_IMAGE_HALF_PIXEL_BACK_HPP_
#define MUSCLEMAP_IMAGE_HALF_PIXEL_BACK_HPP_

#include "musclemap/geometry.hpp"

namespace musclemap::image {

/// Index i of n' lies at c = (i + 0.5) n / n' - 0.5 of n, edges repeated. With a separate axis every slice
/// across it is resampled in its plane with `order`, then slices are taken along the axis with
/// `order_separate`: 0 is the nearest, floor(c + 0.5).
struct HalfPixelBack {
  Index3 from{};           ///< the grid of the scores, x, y, z
  Index3 to{};             ///< the grid that they go to
  int separate_axis = -1;  ///< of the grid: 0 x, 1 y, 2 z; -1: none, all three together
  int order = 1;           ///< 0 nearest, 1 linear
  int order_separate = 0;
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_HALF_PIXEL_BACK_HPP_
