#include "image/interpolation.hpp"

#include <string>

#include "musclemap/error.hpp"

namespace musclemap::image {

Interpolation interpolation_of(std::int64_t order) {
  switch (order) {
    case 0:
      return Interpolation::nearest;
    case 1:
      return Interpolation::linear;
    case 3:
      return Interpolation::cubic_spline;
    default:
      throw Error(ErrorCode::argument, "order " + std::to_string(order) +
                                           " of resampling is not made; 0 (nearest), 1 (linear) and "
                                           "3 (cubic spline) are");
  }
}

}  // namespace musclemap::image
