// Step: the box of what is not zero, as nnU-Net crops (docs/chains/totalsegmentator.md, section 7.2).
#ifndef MUSCLEMAP_IMAGE_STEPS_CROP_NONZERO_HPP_
#define MUSCLEMAP_IMAGE_STEPS_CROP_NONZERO_HPP_

#include <array>
#include <memory>

#include "image/steps/parts.hpp"

namespace musclemap::image {

/// The voxels where any channel is not 0 and what lies between them along the axes; the whole grid where
/// every voxel is 0. Labels outside of the box are 0. (nnU-Net fills holes first, which moves no face of a
/// box.)
struct CropNonzero {
  static constexpr const char* kKind = "crop";
  static constexpr std::array<Word, 2> kWords{{{"to", "nonzero"}, {"empty", "whole"}}};
  template <class Self, class Visit>
  static void fields(Self& /*self*/, const Visit& /*visit*/) {}
};

Grid forward(const CropNonzero& step, const Grid& from, const Measured& measured);
std::unique_ptr<Meter> meter(const CropNonzero& step, const Index3& shape, int channels);
std::unique_ptr<Field> apply(const CropNonzero& step, Field& below, const Grid& from,
                             const Measured& measured, int threads);
void undo_labels(const CropNonzero& step, const Grid& from, const Measured& measured, LabelsBack* back);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_STEPS_CROP_NONZERO_HPP_
