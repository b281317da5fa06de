// Step: the stored axes become those nearest to RAS+ (docs/chains/musclemap.md, section 4.2). No value
// changes.
#ifndef MUSCLEMAP_IMAGE_STEPS_REORIENT_HPP_
#define MUSCLEMAP_IMAGE_STEPS_REORIENT_HPP_

#include <array>

#include "image/orientation.hpp"
#include "image/steps/parts.hpp"

namespace musclemap::image {

/// The first step of a task or none of it: an OrientedField reads along these axes, and labels are stored
/// through them.
struct Reorient {
  static constexpr const char* kKind = "reorient";
  static constexpr std::array<Word, 1> kWords{{{"to", "RAS"}}};
  template <class Self, class Visit>
  static void fields(Self& /*self*/, const Visit& /*visit*/) {}
};

Orientation orientation(const Reorient& step, const Grid& stored);
/// The voxel size that is stated stays where no axis turns (nibabel writes a new header otherwise).
Grid forward(const Reorient& step, const Grid& stored, const Measured& measured);
void undo_labels(const Reorient& step, const Grid& stored, const Measured& measured, LabelsBack* back);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_STEPS_REORIENT_HPP_
