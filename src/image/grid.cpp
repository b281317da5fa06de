#include "image/grid.hpp"

#include <cmath>

namespace musclemap::image {

Spacing voxel_sizes(const Grid& grid) {
  Spacing sizes{};
  for (int axis = 0; axis < 3; ++axis) {
    double squares = 0;
    for (int row = 0; row < 3; ++row) squares += grid.to_world(row, axis) * grid.to_world(row, axis);
    const auto a = static_cast<std::size_t>(axis);
    const double size = grid.stated_mm[a] > 0 ? grid.stated_mm[a] : std::sqrt(squares);
    sizes[a] = static_cast<double>(static_cast<float>(size));
  }
  return sizes;
}

Grid sub_grid(const Grid& from, const Block& block) {
  Matrix4 shift = identity<4>();
  for (int axis = 0; axis < 3; ++axis)
    shift(axis, 3) = static_cast<double>(block.begin[static_cast<std::size_t>(axis)]);
  return {block.shape(), multiply(from.to_world, shift), from.stated_mm};
}

}  // namespace musclemap::image
