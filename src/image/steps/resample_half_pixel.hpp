// Step: the grid of a spacing, as nnU-Net makes it with scikit-image's resize(): half-pixel coordinates,
// edges repeated, no anti-aliasing (docs/chains/tasks.md, section 3).
#ifndef MUSCLEMAP_IMAGE_STEPS_RESAMPLE_HALF_PIXEL_HPP_
#define MUSCLEMAP_IMAGE_STEPS_RESAMPLE_HALF_PIXEL_HPP_

#include <array>
#include <memory>

#include "image/steps/parts.hpp"

namespace musclemap::image {

/// n voxels of spacing s become n' = n s / t, rounded half to even; voxel i lies at (i + 0.5) n / n' - 0.5.
/// On the way there a cubic B-spline through the values in double (Unser, IEEE Signal Processing Magazine
/// 16(6), 1999, 22), cut to the least and greatest value; on the way back scores are linear. Holds the
/// volume's coefficients, with 12 voxels around it, as doubles.
struct ResampleHalfPixel {
  static constexpr const char* kKind = "resample";
  static constexpr std::array<Word, 3> kWords{
      {{"as", "half_pixel"}, {"values", "cubic_spline"}, {"scores", "linear"}}};
  template <class Self, class Visit>
  static void fields(Self& self, const Visit& visit) {
    visit("spacing", self.spacing_mm);
  }
  Spacing spacing_mm{};  ///< along x, y, z; 0 or less keeps an axis
};

/// Error `geometry` reason `limit` where an axis would exceed 32767 voxels.
Grid forward(const ResampleHalfPixel& step, const Grid& from, const Measured& measured);
std::unique_ptr<Field> apply(const ResampleHalfPixel& step, Field& below, const Grid& from,
                             const Measured& measured, int threads);
void undo(const ResampleHalfPixel& step, const Grid& from, const Measured& measured, WayBack* back);
std::size_t held_bytes(const ResampleHalfPixel& step, const Grid& from);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_STEPS_RESAMPLE_HALF_PIXEL_HPP_
