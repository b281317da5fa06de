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
  /// mm along x, y, z as the file states them beside the affine, single precision; 0: it does not. A grid
  /// that is made of another by its affine states none.
  Spacing stated_mm{};
};

/// Size of a voxel in mm as nibabel's header of such an image has it: what is stated, else the lengths of the
/// affine's columns, in single precision either way.
Spacing voxel_sizes(const Grid& grid);

/// Voxels [begin, end) of a grid.
struct Block {
  Index3 begin{};
  Index3 end{};

  Index3 shape() const { return {end[0] - begin[0], end[1] - begin[1], end[2] - begin[2]}; }
  bool empty() const { return begin[0] >= end[0] || begin[1] >= end[1] || begin[2] >= end[2]; }
};

/// A block of a grid as a grid of its own; keeps the voxel size that is stated.
Grid sub_grid(const Grid& from, const Block& block);

/// The whole of a grid of that shape.
inline Block whole(const Index3& shape) { return {{0, 0, 0}, shape}; }

/// Slice z of a block, z counted in the grid.
inline Block slice_of(const Block& block, std::int64_t z) {
  return {{block.begin[0], block.begin[1], z}, {block.end[0], block.end[1], z + 1}};
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_GRID_HPP_
