#include "quant/label_shapes.hpp"

#include <algorithm>

namespace musclemap::quant {

int slice_axis_of(const Spacing& spacing_mm) {
  constexpr double kEqual = 1.01;
  const auto [least, most] = std::minmax_element(spacing_mm.begin(), spacing_mm.end());
  if (*most / *least < kEqual) return 2;
  return static_cast<int>(std::max_element(spacing_mm.begin(), spacing_mm.end()) - spacing_mm.begin());
}

std::int64_t LabelShape::slices() const {
  return std::count_if(per_slice.begin(), per_slice.end(), [](std::int64_t n) { return n > 0; });
}

LabelShapes::LabelShapes(const Index3& shape, int slice_axis)
    : shape_(shape),
      slice_axis_(slice_axis),
      parts_(shape, [this](const image::LabelPart& part) { ++shape_of(part.label).parts; }) {}

LabelShape& LabelShapes::shape_of(std::int32_t label) {
  if (last_ == nullptr || label != last_label_) {
    last_ = &shapes_[label];  // stays where it is when others come
    last_label_ = label;
    last_->per_slice.resize(static_cast<std::size_t>(shape_[static_cast<std::size_t>(slice_axis_)]));
  }
  return *last_;
}

void LabelShapes::add(const SweepSlab& slab) {
  for_each_row(slab, [&](const std::vector<image::LabelRun>& runs, std::int64_t j, std::int64_t k) {
    for_each_stretch(runs, j, k, slab.k_begin, slice_axis_,
                     [&](const Stretch& stretch) { add_stretch(stretch, slab.k_begin); });
    parts_.add_row(runs);
  });
}

void LabelShapes::add_stretch(const Stretch& stretch, std::int64_t k_begin) {
  LabelShape& shape = shape_of(stretch.label);
  const std::int64_t length = stretch.end - stretch.begin;
  shape.voxels += length;
  shape.per_slice[static_cast<std::size_t>(stretch.slice)] += length;
  const auto at_end = [&](int axis, std::int64_t first, std::int64_t last) {
    const std::int64_t length_of_axis = shape_[static_cast<std::size_t>(axis)];
    return length_of_axis > 1 && (first == 0 || last + 1 == length_of_axis);
  };
  const std::int64_t k = k_begin + stretch.k;
  shape.touches_border = shape.touches_border || at_end(0, stretch.begin, stretch.end - 1) ||
                         at_end(1, stretch.j, stretch.j) || at_end(2, k, k);
}

}  // namespace musclemap::quant
