// Percentiles as NumPy gives them.
#ifndef MUSCLEMAP_IMAGE_PERCENTILE_HPP_
#define MUSCLEMAP_IMAGE_PERCENTILE_HPP_

#include <vector>

namespace musclemap::image {

/// numpy.percentile(values, percent) of NumPy 2 with its linear method: the place of the percentile and what
/// lies between two values are computed in single precision. Changes the order of `values`, of which there is
/// at least one; percent is in [0, 100].
float numpy_percentile(std::vector<float>* values, double percent);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_PERCENTILE_HPP_
