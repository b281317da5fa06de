// A plane of single-precision values in memory.
#ifndef MUSCLEMAP_IMAGE_FLOAT_PLANE_HPP_
#define MUSCLEMAP_IMAGE_FLOAT_PLANE_HPP_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace musclemap::image {

/// Values [y][x], x fastest.
struct FloatPlane {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::vector<float> values;

  FloatPlane() = default;
  /// Zeros.
  FloatPlane(std::int64_t rows, std::int64_t columns)
      : height(rows), width(columns), values(static_cast<std::size_t>(rows * columns)) {}
  float* row(std::int64_t y) { return values.data() + y * width; }
  const float* row(std::int64_t y) const { return values.data() + y * width; }
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_FLOAT_PLANE_HPP_
