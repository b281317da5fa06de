// Step: the grid of a spacing, as nnU-Net makes it with scikit-image's resize(): half-pixel coordinates,
// edges repeated, no anti-aliasing (docs/chains/totalsegmentator.md, section 7.3).
#ifndef MUSCLEMAP_IMAGE_STEPS_RESAMPLE_HALF_PIXEL_HPP_
#define MUSCLEMAP_IMAGE_STEPS_RESAMPLE_HALF_PIXEL_HPP_

#include <array>
#include <cstdint>
#include <memory>

#include "base/words.hpp"
#include "image/interpolation.hpp"
#include "image/steps/parts.hpp"

namespace musclemap::image {

/// Whether slices along a thick axis are resampled each for itself, and then picked.
enum class SeparateAxis : std::uint8_t {
  by_spacing,  ///< where the largest spacing is more than three times the smallest; on the grid that one
               ///< comes from, else on the one that one goes to; not if two axes have the largest
  never,
  always,  ///< along the axis of the largest spacing that one comes from, where it is one
};

/// n voxels of spacing s become n' = n s / t, rounded half to even; voxel i lies at (i + 0.5) n / n' - 0.5.
/// Values are cut to the least and greatest of the channel, or of the slice. A cubic spline (Unser, IEEE
/// Signal Processing Magazine 16(6), 1999, 22) holds the volume's coefficients, with 12 voxels around it, as
/// doubles.
struct ResampleHalfPixel {
  static constexpr const char* kKind = "resample";
  static constexpr std::array<Word, 1> kWords{{{"as", "half_pixel"}}};
  template <class Self, class Visit>
  static void fields(Self& self, const Visit& visit) {
    visit("values", self.values);
    visit("scores", self.scores);
    visit("spacing", self.spacing_mm);
    visit("separate_axis", self.separate);
  }
  Spacing spacing_mm{};  ///< along x, y, z of the grid; 0 or less keeps an axis
  Interpolation values = Interpolation::cubic_spline;
  Interpolation scores = Interpolation::linear;  ///< on the way back: nearest or linear
  SeparateAxis separate = SeparateAxis::by_spacing;
};

/// Error `geometry` reason `limit` where an axis would exceed 32767 voxels.
Grid forward(const ResampleHalfPixel& step, const Grid& from, const Measured& measured);
std::unique_ptr<Field> apply(const ResampleHalfPixel& step, Field& below, const Grid& from,
                             const Measured& measured, int threads);
void undo(const ResampleHalfPixel& step, const Grid& from, const Measured& measured, WayBack* back);
/// Axis of the grid whose slices are resampled each for itself on the way there; -1: none.
int separate_axis_there(const ResampleHalfPixel& step, const Grid& from);
std::size_t held_bytes(const ResampleHalfPixel& step, const Grid& from, int channels);

}  // namespace musclemap::image

namespace musclemap::base {

template <>
struct Words<image::SeparateAxis> {
  static constexpr WordList<image::SeparateAxis, 3> kList{{{image::SeparateAxis::by_spacing, "by_spacing"},
                                                           {image::SeparateAxis::never, "never"},
                                                           {image::SeparateAxis::always, "always"}}};
};

}  // namespace musclemap::base

#endif  // MUSCLEMAP_IMAGE_STEPS_RESAMPLE_HALF_PIXEL_HPP_
