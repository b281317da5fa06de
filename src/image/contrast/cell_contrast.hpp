// Intensities as Cellpose 3 normalises them (docs/chains/cells.md#intensities).
#ifndef MUSCLEMAP_IMAGE_CONTRAST_CELL_CONTRAST_HPP_
#define MUSCLEMAP_IMAGE_CONTRAST_CELL_CONTRAST_HPP_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "image/float_plane.hpp"

namespace musclemap::image {

/// Names are those of Cellpose's `normalize` dictionary.
struct CellContrast {
  bool normalize = true;
  bool invert = false;                           ///< 1 - x of channels that were normalised as a whole
  std::optional<std::array<double, 2>> lowhigh;  ///< become 0 and 1, and nothing else is done
  std::array<double, 2> percentile{1, 99};       ///< become 0 and 1
  double sharpen_radius = 0;             ///< sigma in pixels of the surround that is taken away; 0: none
  double smooth_radius = 0;              ///< sigma in pixels; 0: none
  std::int64_t tile_norm_blocksize = 0;  ///< percentiles of tiles of that size; 0: of all
  double tile_norm_smooth3d = 1;  ///< sigma, in tiles, of the second smoothing along y where norm3d is on
  bool norm3d = true;             ///< a stack is normalised as one, not plane by plane
};

/// Error `argument` for percentiles out of order and for an inversion of what is not normalised.
void check_cell_contrast(const CellContrast& contrast);

/// Normalises the planes of one channel: one, or a stack. Values are finite. A channel of one value stays as
/// it is; one whose percentiles differ by 0.001 or less becomes 0.
void apply_cell_contrast(const CellContrast& contrast, std::vector<FloatPlane>* planes, int threads);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_CONTRAST_CELL_CONTRAST_HPP_
