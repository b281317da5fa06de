// Orders of interpolation by their words.
#ifndef MUSCLEMAP_IMAGE_INTERPOLATION_HPP_
#define MUSCLEMAP_IMAGE_INTERPOLATION_HPP_

#include <cstdint>

#include "base/words.hpp"

namespace musclemap::image {

/// The numbers are the degrees of the B-splines; 2, 4 and 5 are not made here.
enum class Interpolation : std::uint8_t { nearest = 0, linear = 1, cubic_spline = 3 };

}  // namespace musclemap::image

namespace musclemap::base {

template <>
struct Words<image::Interpolation> {
  static constexpr WordList<image::Interpolation, 3> kList{
      {{image::Interpolation::nearest, "nearest"},
       {image::Interpolation::linear, "linear"},
       {image::Interpolation::cubic_spline, "cubic_spline"}}};
};

}  // namespace musclemap::base

namespace musclemap::image {

/// Error `argument`, for instance "order 2 of resampling is not made; 0, 1 and 3 are", for other numbers.
Interpolation interpolation_of(std::int64_t order);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_INTERPOLATION_HPP_
