#include "task/cells/sam_tiles.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/checked.hpp"

namespace musclemap::task {

std::vector<SamTile> sam_tiles(const image::PlaneShape& picture, const SamTiling& tiling) {
  constexpr std::int64_t kMost = std::int64_t{1} << 30;
  image::PlaneShape tile = tiling.tile;
  const bool whole = tile == image::PlaneShape{};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    base::check_number(tile[axis], whole ? 0 : 1, kMost, "a side of tile_shape");
    base::check_number(tiling.halo[axis], 0, kMost, "a side of halo");
  }
  if (whole) tile = picture;
  std::vector<SamTile> tiles;
  for (std::int64_t y = 0; y < picture[0]; y += tile[0]) {
    for (std::int64_t x = 0; x < picture[1]; x += tile[1]) {
      SamTile made{{{y, x}, {y + tile[0], x + tile[1]}}, {}};
      for (std::size_t axis = 0; axis < 2; ++axis) {
        made.inner.end[axis] = std::min(made.inner.end[axis], picture[axis]);
        made.outer.begin[axis] = std::max<std::int64_t>(0, made.inner.begin[axis] - tiling.halo[axis]);
        made.outer.end[axis] = std::min(picture[axis], made.inner.end[axis] + tiling.halo[axis]);
      }
      tiles.push_back(made);
    }
  }
  return tiles;
}

}  // namespace musclemap::task
