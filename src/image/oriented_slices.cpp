#include "image/oriented_slices.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace musclemap::image {

OrientedSlices::OrientedSlices(SlabReader& reader, const Orientation& orientation)
    : reader_(reader),
      orientation_(orientation),
      shape_(oriented_shape(orientation, reader.geometry().shape)),
      streams_(stored_axis(orientation, 2) == 2),
      reversed_(streams_ && orientation.flip[2]) {}

template <class T>
void OrientedSlices::copy(const Volume& volume, std::int64_t z, std::vector<float>* out) {
  const VoxelView<const T> view = oriented_view(orientation_, volume.view<T>());
  float* to = out->data();
  for (std::int64_t x = 0; x < shape_[0]; ++x) {
    for (std::int64_t y = 0; y < shape_[1]; ++y, ++to) {
      const T stored = view(x, y, z);
      *to = static_cast<float>(stored);
      if (!std::isfinite(*to)) {
        *to = 0;
        ++(std::isfinite(static_cast<double>(stored)) ? beyond_float_ : nonfinite_);
      }
      least_ = std::min(least_, *to);
      most_ = std::max(most_, *to);
    }
  }
}

Slice OrientedSlices::slice(std::int64_t z) {
  if (!streams_ && !held_) held_ = reader_.read(0, reader_.geometry().shape[2]);
  const std::int64_t k = reversed_ ? shape_[2] - 1 - z : z;
  const Volume volume = streams_ ? reader_.read(k, 1) : *held_;
  const std::int64_t at = streams_ ? 0 : z;
  auto result = std::make_shared<std::vector<float>>(static_cast<std::size_t>(shape_[0] * shape_[1]));
  switch (volume.dtype()) {
    case DType::u8:
      copy<std::uint8_t>(volume, at, result.get());
      break;
    case DType::i16:
      copy<std::int16_t>(volume, at, result.get());
      break;
    case DType::u16:
      copy<std::uint16_t>(volume, at, result.get());
      break;
    case DType::i32:
      copy<std::int32_t>(volume, at, result.get());
      break;
    case DType::f32:
      copy<float>(volume, at, result.get());
      break;
    case DType::f64:
      copy<double>(volume, at, result.get());
      break;
  }
  return result;
}

}  // namespace musclemap::image
