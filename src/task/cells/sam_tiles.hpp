// Tiles with a halo, in which micro-sam sees large pictures.
#ifndef MUSCLEMAP_TASK_CELLS_SAM_TILES_HPP_
#define MUSCLEMAP_TASK_CELLS_SAM_TILES_HPP_

#include <vector>

#include "image/plane.hpp"

namespace musclemap::task {

/// In pixels; a tile of {0, 0} is the whole picture.
struct SamTiling {
  image::PlaneShape tile{};
  image::PlaneShape halo{};
};

/// Pixels [begin, end) along y and x.
struct SamBlock {
  image::PlaneShape begin;
  image::PlaneShape end;
};

/// The network sees `outer`; `inner` is taken over.
struct SamTile {
  SamBlock inner;
  SamBlock outer;
};

/// Blocks from the upper left in raster order, the last ones cut; their halo is clipped to the picture.
/// docs/chains/cells.md#tiles-of-micro-sam. Error `argument` for a negative number, and for a tile with one
/// side of 0.
std::vector<SamTile> sam_tiles(const image::PlaneShape& picture, const SamTiling& tiling);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_SAM_TILES_HPP_
