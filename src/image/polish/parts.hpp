// What the rules on a label map are made of. A rule is a value that says what it is called in a task's file,
// as a step is (image/steps/parts.hpp), and overloads of the functions below, all in its own file. Rules do
// not know each other. Labels are the numbers that the volume holds.
#ifndef MUSCLEMAP_IMAGE_POLISH_PARTS_HPP_
#define MUSCLEMAP_IMAGE_POLISH_PARTS_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/words.hpp"
#include "image/labels/ellipsoid.hpp"
#include "image/steps/parts.hpp"
#include "musclemap/error.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::image {

/// The grid that a rule works on: the task's, or the image's as it is stored.
enum class At : std::uint8_t { task, image };

}  // namespace musclemap::image

namespace musclemap::base {

template <>
struct Words<image::At> {
  static constexpr WordList<image::At, 2> kList{{{image::At::task, "task"}, {image::At::image, "image"}}};
};

}  // namespace musclemap::base

namespace musclemap::image {

/// Numbers of labels, ascending.
using LabelNumbers = std::vector<std::int64_t>;

/// What a rule knows beside the label map.
struct PolishContext {
  Zooms zooms_mm{1, 1, 1};  ///< of the label map's grid, as its header states them
  /// Another label map on the same grid, u8 or i16: that of the rough task, or of a task that refines. Null:
  /// there is none.
  const Volume* other = nullptr;

  /// Product of the voxel sizes in single precision.
  float voxel_mm3() const { return zooms_mm[0] * zooms_mm[1] * zooms_mm[2]; }
};

/// Calls body with the mutable view of a volume of u8 or i16.
template <class Body>
void with_labels(Volume& labels, const Body& body) {
  if (labels.dtype() == DType::u8) {
    body(labels.mutable_view<std::uint8_t>());
  } else {
    body(labels.mutable_view<std::int16_t>());
  }
}

/// Bytes that polish() holds at most, for a label map of that shape.
template <class Rule>
std::size_t polish_bytes(const Rule& /*rule*/, const Index3& /*shape*/) {
  return 0;
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_POLISH_PARTS_HPP_
