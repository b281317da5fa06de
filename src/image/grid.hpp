// Where the voxels of a field lie, and parts of it.
#ifndef MUSCLEMAP_IMAGE_GRID_HPP_
#define MUSCLEMAP_IMAGE_GRID_HPP_

#include <algorithm>

#include "image/matrix.hpp"
#include "musclemap/geometry.hpp"

namespace musclemap::image {

/// Voxels along x, y, z, and where they lie: voxel to RAS+ mm. A picture is a grid of one slice.
struct Grid {
  Index3 shape{};
  Matrix4 to_world = identity<4>();
};

/// Voxels [begin, end) of a grid.
struct Block {
  Index3 begin{};
  Index3 end{};

  Index3 shape() const { return {end[0] - begin[0], end[1] - begin[1], end[2] - begin[2]}; }
  bool empty() const { return begin[0] >= end[0] || begin[1] >= end[1] || begin[2] >= end[2]; }
};

/// The whole of a grid of that shape.
inline Block whole(const Index3& shape) { return {{0, 0, 0}, shape}; }

/// Slice z of a block, z counted in the grid.
inline Block slice_of(const Block& block, std::int64_t z) {
  return {{block.begin[0], block.begin[1], z}, {block.end[0], block.end[1], z + 1}};
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_GRID_HPP_
