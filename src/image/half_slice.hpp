// Scores of every class on one slice, in half precision.
#ifndef MUSCLEMAP_IMAGE_HALF_SLICE_HPP_
#define MUSCLEMAP_IMAGE_HALF_SLICE_HPP_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace musclemap::image {

/// Bits of half-precision numbers (base/half.hpp), [class][y][x] with x fastest; all 0 at first.
struct HalfSlice {
  HalfSlice() = default;
  HalfSlice(std::int64_t class_count, std::int64_t rows, std::int64_t columns)
      : classes(class_count),
        ny(rows),
        nx(columns),
        values(static_cast<std::size_t>(class_count * rows * columns)) {}

  std::uint16_t* row(std::int64_t c, std::int64_t y) { return values.data() + (c * ny + y) * nx; }
  const std::uint16_t* row(std::int64_t c, std::int64_t y) const { return values.data() + (c * ny + y) * nx; }

  std::int64_t classes = 0;
  std::int64_t ny = 0;
  std::int64_t nx = 0;
  std::vector<std::uint16_t> values;
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_HALF_SLICE_HPP_
