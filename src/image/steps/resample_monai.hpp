// Step: the grid of a spacing, as MONAI's Spacingd makes it (docs/chains/musclemap.md, section 4.3).
#ifndef MUSCLEMAP_IMAGE_STEPS_RESAMPLE_MONAI_HPP_
#define MUSCLEMAP_IMAGE_STEPS_RESAMPLE_MONAI_HPP_

#include <array>
#include <memory>

#include "image/steps/parts.hpp"

namespace musclemap::image {

/// Trilinear through normalised coordinates, border clamped; scores go back the same way. The field holds
/// the slices below that the last slice has read.
struct ResampleMonai {
  static constexpr const char* kKind = "resample";
  static constexpr std::array<Word, 1> kWords{{{"as", "monai_affine"}}};
  template <class Self, class Visit>
  static void fields(Self& self, const Visit& visit) {
    visit("spacing", self.spacing_mm);
  }
  Spacing spacing_mm{};  ///< along x, y, z; 0 or less keeps an axis
};

/// Errors: those of sampling_grid().
Grid forward(const ResampleMonai& step, const Grid& from, const Measured& measured);
std::unique_ptr<Field> apply(const ResampleMonai& step, Field& below, const Grid& from,
                             const Measured& measured, int threads);
void undo(const ResampleMonai& step, const Grid& from, const Measured& measured, WayBack* back);
std::size_t held_bytes(const ResampleMonai& step, const Grid& from, int channels);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_STEPS_RESAMPLE_MONAI_HPP_
