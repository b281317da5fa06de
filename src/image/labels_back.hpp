// Labels of one grid on another that they are taken back to: pasted, turned, picked; never mixed.
#ifndef MUSCLEMAP_IMAGE_LABELS_BACK_HPP_
#define MUSCLEMAP_IMAGE_LABELS_BACK_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "musclemap/geometry.hpp"

namespace musclemap::image {

/// For every axis a of the target: the axis of the labels' grid that it runs along, and for every index the
/// index there, or -1 where there are no labels, which is background.
struct LabelsBack {
  std::array<int, 3> axis{0, 1, 2};
  std::array<std::vector<std::int64_t>, 3> at;

  Index3 target() const {
    Index3 shape{};
    for (std::size_t a = 0; a < 3; ++a) shape[a] = static_cast<std::int64_t>(at[a].size());
    return shape;
  }
};

/// From a grid of that shape to itself: where the steps that are undone begin.
LabelsBack labels_as_they_are(const Index3& shape);

/// Slice z of the target as [y][x] with x fastest, of labels [z][y][x] of a grid of shape `from`.
template <class T>
void take_back(const LabelsBack& back, const T* labels, const Index3& from, std::int64_t z, T* out) {
  const Index3 step{1, from[0], from[0] * from[1]};
  const auto along = [&](std::size_t a) { return step[static_cast<std::size_t>(back.axis[a])]; };
  const std::int64_t plane = back.at[2][static_cast<std::size_t>(z)];
  for (const std::int64_t y : back.at[1]) {
    const T* row = plane < 0 || y < 0 ? nullptr : labels + plane * along(2) + y * along(1);
    for (const std::int64_t x : back.at[0]) *out++ = row == nullptr || x < 0 ? T{} : row[x * along(0)];
  }
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_BACK_HPP_
