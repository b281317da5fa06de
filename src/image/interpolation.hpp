// Orders of interpolation by their words.
#ifndef MUSCLEMAP_IMAGE_INTERPOLATION_HPP_
#define MUSCLEMAP_IMAGE_INTERPOLATION_HPP_

#include <cstdint>

#include "base/words.hpp"

namespace musclemap::image {

/// The numbers are the degrees of the B-splines.
enum class Interpolation : std::uint8_t {
  nearest,
  linear,
  quadratic_spline,
  cubic_spline,
  quartic_spline,
  quintic_spline
};

/// Whether values are those of a spline through the voxels, whose coefficients must be found first.
constexpr bool is_spline(Interpolation interpolation) { return interpolation > Interpolation::linear; }

}  // namespace musclemap::image

namespace musclemap::base {

template <>
struct Words<image::Interpolation> {
  static constexpr WordList<image::Interpolation, 6> kList{
      {{image::Interpolation::nearest, "nearest"},
       {image::Interpolation::linear, "linear"},
       {image::Interpolation::quadratic_spline, "quadratic_spline"},
       {image::Interpolation::cubic_spline, "cubic_spline"},
       {image::Interpolation::quartic_spline, "quartic_spline"},
       {image::Interpolation::quintic_spline, "quintic_spline"}}};
};

}  // namespace musclemap::base

namespace musclemap::image {

/// Of degree 0 to 5. Error `argument` for other numbers.
Interpolation interpolation_of(std::int64_t order);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_INTERPOLATION_HPP_
