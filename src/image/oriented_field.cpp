#include "image/oriented_field.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "image/typed_view.hpp"

namespace musclemap::image {

bool streams(const Orientation& orientation) { return stored_axis(orientation, 2) == 2; }

OrientedField::OrientedField(SlabReader& reader, const Orientation& orientation)
    : reader_(reader),
      orientation_(orientation),
      shape_(oriented_shape(orientation, reader.geometry().shape)),
      streams_(streams(orientation)),
      reversed_(streams_ && orientation.flip[2]) {}

// Values of the block's x and y, `step` apart.
template <class T, class Value>
void OrientedField::copy(const VoxelView<const T>& slice, const Block& block, std::int64_t step, Value* out) {
  constexpr std::int64_t kTile = 16;  // a tile of either side stays in the nearest cache
  VoxelsSeen seen = seen_;
  const auto copy_tile = [&](std::int64_t x0, std::int64_t y0) {
    for (std::int64_t x = x0; x < std::min(x0 + kTile, block.end[0]); ++x) {
      Value* to = out + ((x - block.begin[0]) * block.shape()[1] + y0 - block.begin[1]) * step;
      for (std::int64_t y = y0; y < std::min(y0 + kTile, block.end[1]); ++y, to += step) {
        const T stored = slice(x, y, 0);
        auto value = static_cast<Value>(stored);
        if constexpr (std::is_floating_point_v<T>) {
          if (!std::isfinite(value)) {
            value = 0;
            ++(std::isfinite(static_cast<double>(stored)) ? seen.beyond_float : seen.nonfinite);
          }
        }
        seen.least = std::min(seen.least, static_cast<float>(value));
        seen.most = std::max(seen.most, static_cast<float>(value));
        *to = value;
      }
    }
  };
  for (std::int64_t x = block.begin[0]; x < block.end[0]; x += kTile) {
    for (std::int64_t y = block.begin[1]; y < block.end[1]; y += kTile) copy_tile(x, y);
  }
  seen_ = seen;
}

template <class Value>
void OrientedField::read_as(const Block& block, Value* out) {
  if (!streams_ && !held_) held_ = reader_.read(0, reader_.geometry().shape[2]);
  const std::int64_t nz = block.shape()[2];
  for (std::int64_t n = 0; n < nz; ++n) {
    const std::int64_t z = block.begin[2] + n;
    const Volume stored = streams_ ? reader_.read(reversed_ ? shape_[2] - 1 - z : z, 1) : *held_;
    with_view(stored, [&](const auto& view) {
      auto slice = oriented_view(orientation_, view);
      if (!streams_) slice.data += z * slice.stride[2];
      copy(slice, block, nz, out + n);
    });
  }
}

template void OrientedField::read_as(const Block& block, float* out);
template void OrientedField::read_as(const Block& block, double* out);

}  // namespace musclemap::image
