#include "quant/label_shapes.hpp"

#include "quant/label_limits.hpp"

namespace musclemap::quant {
namespace {

void count(const image::LabelRun& run, std::int64_t j, std::int64_t k, int axis, BySlice<std::int64_t>* to) {
  if (axis != 0) {
    to->at(axis == 1 ? j : k) += run.end - run.begin;
    return;
  }
  for (std::int64_t i = run.begin; i < run.end; ++i) ++to->at(i);
}

// A plane of one or two rows is all border.
bool has_inside(const Index3& shape, int section_axis) {
  for (int axis = 0; axis < 3; ++axis) {
    if (axis != section_axis && shape[static_cast<std::size_t>(axis)] < 3) return false;
  }
  return true;
}

}  // namespace

std::int64_t LabelShape::slices() const {
  const auto& counted = own_slices.entries().empty() ? sections : own_slices;
  return static_cast<std::int64_t>(counted.entries().size());
}

LabelShapes::LabelShapes(const Index3& shape, int slice_axis, int section_axis)
    : shape_(shape),
      slice_axis_(slice_axis),
      section_axis_(section_axis),
      sides_(has_inside(shape, section_axis)),
      parts_(shape, [this](const image::LabelPart& part) { ++shape_of(part.label).parts; }) {}

image::LabelCounts LabelShapes::counts() const {
  image::LabelCounts counts{static_cast<std::int64_t>(shapes_.size()), 0, runs_};
  for (const auto& entry : shapes_) counts.voxels += entry.second.voxels;
  return counts;
}

LabelShape& LabelShapes::shape_of(std::int32_t label) {
  if (last_ == nullptr || label != last_label_) {
    last_ = &shapes_[label];  // stays where it is when others come
    last_label_ = label;
    check_label_count(shapes_.size());
  }
  return *last_;
}

void LabelShapes::add(const SweepSlab& slab) {
  for_each_row(slab, [&](const std::vector<image::LabelRun>& runs, std::int64_t j, std::int64_t k) {
    for (const image::LabelRun& run : runs) add_run(run, j, slab.k_begin + k);
    parts_.add_row(runs);
    runs_ += static_cast<std::int64_t>(runs.size());
  });
}

void LabelShapes::add_run(const image::LabelRun& run, std::int64_t j, std::int64_t k) {
  LabelShape& shape = shape_of(run.label);
  shape.voxels += run.end - run.begin;
  sections_ -= shape.sections.entries().size();
  count(run, j, k, section_axis_, &shape.sections);
  sections_ += shape.sections.entries().size();
  check_section_count(sections_);
  if (slice_axis_ != section_axis_) count(run, j, k, slice_axis_, &shape.own_slices);
  const auto at_end = [&](int axis, std::int64_t first, std::int64_t last) {
    const std::int64_t length_of_axis = shape_[static_cast<std::size_t>(axis)];
    return length_of_axis > 1 && (first == 0 || last + 1 == length_of_axis);
  };
  const auto at_side = [&](int axis, std::int64_t first, std::int64_t last) {
    return sides_ && axis != section_axis_ && at_end(axis, first, last);
  };
  shape.touches_side =
      shape.touches_side || at_side(0, run.begin, run.end - 1) || at_side(1, j, j) || at_side(2, k, k);
  shape.touches_border =
      shape.touches_border || at_end(0, run.begin, run.end - 1) || at_end(1, j, j) || at_end(2, k, k);
}

}  // namespace musclemap::quant
