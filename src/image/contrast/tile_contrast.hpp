// Limits of tiles, where a picture is not equally bright (docs/chains/cells.md#intensities).
#ifndef MUSCLEMAP_IMAGE_CONTRAST_TILE_CONTRAST_HPP_
#define MUSCLEMAP_IMAGE_CONTRAST_TILE_CONTRAST_HPP_

#include "image/contrast/cell_contrast.hpp"

namespace musclemap::image {

/// Percentiles of tiles of tile_norm_blocksize, a tenth of which overlaps: tiles whose percentiles differ by
/// less than 0.001 take the nearest other one's (all: 0 and 1); the grid of tiles is smoothed along z and y,
/// with norm3d along y again and averaged along z. Held: a row of tiles.
TileLimits tile_limits(const CellContrast& contrast, RowSource& planes, int threads);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_CONTRAST_TILE_CONTRAST_HPP_
