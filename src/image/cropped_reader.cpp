#include "image/cropped_reader.hpp"

#include <limits>
#include <type_traits>

#include "image/matrix.hpp"
#include "image/typed_view.hpp"

namespace musclemap::image {
namespace {

template <class T>
std::int32_t whole_number(T value) {
  if constexpr (std::is_floating_point_v<T>) {
    const bool fits = value > -2147483649.0 && value < 2147483648.0;  // false for NaN
    return fits ? static_cast<std::int32_t>(value) : std::numeric_limits<std::int32_t>::min();
  } else {
    return static_cast<std::int32_t>(value);
  }
}

}  // namespace

CroppedReader::CroppedReader(SlabReader& whole, const Block& box) : whole_(whole), box_(box) {
  geometry_ = whole.geometry();
  geometry_.shape = box.shape();
  for (int row = 0; row < 3; ++row) {
    double origin = geometry_.to_world(row, 3);
    for (int axis = 0; axis < 3; ++axis) {
      const auto first = static_cast<double>(box.begin[static_cast<std::size_t>(axis)]);
      origin += geometry_.to_world(row, axis) * first;
    }
    geometry_.to_world(row, 3) = origin;
  }
}

Volume CroppedReader::read(std::int64_t k_begin, std::int64_t k_count) {
  const Volume slab = whole_.read(box_.begin[2] + k_begin, k_count);
  Geometry part = geometry_;
  part.shape[2] = k_count;
  for (int row = 0; row < 3; ++row)
    part.to_world(row, 3) += part.to_world(row, 2) * static_cast<double>(k_begin);
  Volume cropped = Volume::zeros(part, DType::i32);
  const VoxelView<std::int32_t> to = cropped.mutable_view<std::int32_t>();
  with_view(slab, [&](const auto& from) {
    for (std::int64_t k = 0; k < k_count; ++k) {
      for (std::int64_t j = 0; j < part.shape[1]; ++j) {
        for (std::int64_t i = 0; i < part.shape[0]; ++i)
          to(i, j, k) = whole_number(from(box_.begin[0] + i, box_.begin[1] + j, k));
      }
    }
  });
  return cropped;
}

}  // namespace musclemap::image
