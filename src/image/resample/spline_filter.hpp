// Values to the coefficients of the B-spline through them (Unser, IEEE Signal Processing Magazine
// 16(6), 1999, 22).
#ifndef MUSCLEMAP_IMAGE_RESAMPLE_SPLINE_FILTER_HPP_
#define MUSCLEMAP_IMAGE_RESAMPLE_SPLINE_FILTER_HPP_

#include <cstdint>

#include "image/interpolation.hpp"

namespace musclemap::image {

/// In place, `count` lines of n values `step` apart, their first values `stride` apart. A line repeats itself
/// mirrored, its last value twice; operations in SciPy's order.
void spline_filter(Interpolation spline, double* first, std::int64_t n, std::int64_t step, std::int64_t count,
                   std::int64_t stride);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_RESAMPLE_SPLINE_FILTER_HPP_
