#include "image/transposed_field.hpp"

#include <vector>

namespace musclemap::image {

void TransposedField::read(const Block& block, float* out) {
  Block there;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    there.begin[axes_[axis]] = block.begin[axis];
    there.end[axes_[axis]] = block.end[axis];
  }
  const std::vector<float> values = below_.values(there);
  const Index3 size = there.shape();
  const Index3 step = turned(axes_, Index3{size[1] * size[2], size[2], 1});
  const Index3 n = block.shape();
  for (std::int64_t c = 0; c < channels(); ++c) {
    const float* channel = values.data() + c * size[0] * size[1] * size[2];
    for (std::int64_t x = 0; x < n[0]; ++x) {
      for (std::int64_t y = 0; y < n[1]; ++y) {
        for (std::int64_t z = 0; z < n[2]; ++z) *out++ = channel[x * step[0] + y * step[1] + z * step[2]];
      }
    }
  }
}

}  // namespace musclemap::image
