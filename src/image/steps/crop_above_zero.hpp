// Step: the box of the voxels brighter than the mean (docs/chains/musclemap.md, section 4.5).
#ifndef MUSCLEMAP_IMAGE_STEPS_CROP_ABOVE_ZERO_HPP_
#define MUSCLEMAP_IMAGE_STEPS_CROP_ABOVE_ZERO_HPP_

#include <array>
#include <memory>

#include "image/steps/parts.hpp"

namespace musclemap::image {

/// Behind a z-score over the voxels that are not zero: above 0 there is what was above their mean and not 0,
/// so that the box is measured in the passes of the z-score. `margin` voxels around, inside the grid. With
/// nothing above, nothing is left. Scores outside of the box are 0.
struct CropAboveZero {
  static constexpr const char* kKind = "crop";
  static constexpr std::array<Word, 2> kWords{{{"to", "above_zero"}, {"empty", "all_background"}}};
  template <class Self, class Visit>
  static void fields(Self& self, const Visit& visit) {
    visit("margin_voxels", self.margin);
  }
  Index3 margin{};
};

Grid forward(const CropAboveZero& step, const Grid& from, const Measured& measured);
std::unique_ptr<Meter> meter(const CropAboveZero& step, const Index3& shape, int channels);
bool measured_with_the_one_before(const CropAboveZero& step);
std::unique_ptr<Field> apply(const CropAboveZero& step, Field& below, const Grid& from,
                             const Measured& measured, int threads);
void undo(const CropAboveZero& step, const Grid& from, const Measured& measured, WayBack* back);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_STEPS_CROP_ABOVE_ZERO_HPP_
