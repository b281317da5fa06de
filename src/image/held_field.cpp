#include "image/held_field.hpp"

#include "base/checked.hpp"
#include "image/plane.hpp"

namespace musclemap::image {

std::size_t held_field_bytes(const Index3& shape, int channels) {
  auto bytes = base::checked_mul<std::int64_t>(channels, sizeof(float));
  for (const std::int64_t length : shape) bytes = base::checked_mul(bytes, length);
  return static_cast<std::size_t>(bytes);
}

HeldField::HeldField(Field& below, const Index3& shape, bool falling,
                     const std::function<void(std::int64_t)>& after_slice)
    : channels_(below.channels()),
      shape_(shape),
      values_(held_field_bytes(shape, below.channels()) / sizeof(float)) {
  const std::int64_t plane = shape[0] * shape[1];
  std::vector<float> slice(static_cast<std::size_t>(channels_ * plane));
  for (std::int64_t n = 0; n < shape[2]; ++n) {
    const std::int64_t z = falling ? shape[2] - 1 - n : n;
    below.read(slice_of(whole(shape), z), slice.data());
    for (std::int64_t c = 0; c < channels_; ++c) {
      transpose_plane(slice.data() + c * plane, shape[0], shape[1],
                      values_.data() + (c * shape[2] + z) * plane);
    }
    if (after_slice) after_slice(n + 1);
  }
}

void HeldField::read(const Block& block, float* out) {
  const Index3 n = block.shape();
  for (std::int64_t c = 0; c < channels_; ++c) {
    for (std::int64_t z = 0; z < n[2]; ++z) {
      const std::int64_t row = (c * shape_[2] + block.begin[2] + z) * shape_[1];
      for (std::int64_t y = 0; y < n[1]; ++y) {
        const float* from = values_.data() + (row + block.begin[1] + y) * shape_[0] + block.begin[0];
        float* to = out + (c * n[0] * n[1] + y) * n[2] + z;
        for (std::int64_t x = 0; x < n[0]; ++x) to[x * n[1] * n[2]] = from[x];
      }
    }
  }
}

}  // namespace musclemap::image
