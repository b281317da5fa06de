// Planes of values: their shape, their axes exchanged.
#ifndef MUSCLEMAP_IMAGE_PLANE_HPP_
#define MUSCLEMAP_IMAGE_PLANE_HPP_

#include <algorithm>
#include <array>
#include <cstdint>

namespace musclemap::image {

/// Rows and columns of a plane, (y, x), the columns last and fastest.
using PlaneShape = std::array<std::int64_t, 2>;

/// [rows][columns] to [columns][rows].
template <class From, class To>
void transpose_plane(const From* from, std::int64_t rows, std::int64_t columns, To* to) {
  constexpr std::int64_t kTile = 16;  // a tile of either side stays in the nearest cache
  for (std::int64_t r0 = 0; r0 < rows; r0 += kTile) {
    for (std::int64_t c0 = 0; c0 < columns; c0 += kTile) {
      const std::int64_t r1 = std::min(r0 + kTile, rows);
      const std::int64_t c1 = std::min(c0 + kTile, columns);
      for (std::int64_t c = c0; c < c1; ++c) {
        for (std::int64_t r = r0; r < r1; ++r) to[c * rows + r] = static_cast<To>(from[r * columns + c]);
      }
    }
  }
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_PLANE_HPP_
