// Along which stored axis slices and cross-sections follow each other.
#ifndef MUSCLEMAP_IMAGE_SECTION_AXIS_HPP_
#define MUSCLEMAP_IMAGE_SECTION_AXIS_HPP_

#include "base/words.hpp"
#include "musclemap/geometry.hpp"

namespace musclemap::image {

/// Axis along which MuscleMap counts slices: that of the largest spacing, the first of equal ones; the third
/// where largest / smallest is below 1.01 (docs/chains/metrics.md, section 4).
int slice_axis_of(const Spacing& spacing_mm);

/// 0 to 2 for i, j, k. `spacing_mm` decides `stored`. Error `argument` for a number outside the list.
int section_axis_of(SectionAxis section, const Affine& to_world, const Spacing& spacing_mm);

/// i, j or k for 0 to 2.
SectionAxis named_axis(int axis);

/// Sine of the angle between the two axes other than `axis`: 1 in a grid without shear. Times their spacings
/// it is the area of a voxel in a section.
double sine_across(int axis, const Affine& to_world);

}  // namespace musclemap::image

namespace musclemap::base {

template <>
struct Words<SectionAxis> {
  static constexpr WordList<SectionAxis, 5> kList{{{SectionAxis::superior, "superior"},
                                                   {SectionAxis::stored, "stored"},
                                                   {SectionAxis::i, "i"},
                                                   {SectionAxis::j, "j"},
                                                   {SectionAxis::k, "k"}}};
};

}  // namespace musclemap::base

#endif  // MUSCLEMAP_IMAGE_SECTION_AXIS_HPP_
