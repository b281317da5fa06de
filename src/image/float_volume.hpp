// A volume of single-precision values in memory.
#ifndef MUSCLEMAP_IMAGE_FLOAT_VOLUME_HPP_
#define MUSCLEMAP_IMAGE_FLOAT_VOLUME_HPP_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace musclemap::image {

/// Values [z][y][x], x fastest.
struct FloatVolume {
  std::int64_t depth = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::vector<float> values;

  FloatVolume() = default;
  /// Zeros.
  FloatVolume(std::int64_t planes, std::int64_t rows, std::int64_t columns)
      : depth(planes),
        height(rows),
        width(columns),
        values(static_cast<std::size_t>(planes * rows * columns)) {}
  float* row(std::int64_t z, std::int64_t y) { return values.data() + (z * height + y) * width; }
  const float* row(std::int64_t z, std::int64_t y) const { return values.data() + (z * height + y) * width; }
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_FLOAT_VOLUME_HPP_
