#include "image/interpolation.hpp"

#include <string>

#include "musclemap/error.hpp"

namespace musclemap::image {

Interpolation interpolation_of(std::int64_t order) {
  constexpr std::int64_t kHighest = 5;
  if (order < 0 || order > kHighest) {
    throw Error(ErrorCode::argument,
                "order " + std::to_string(order) + " of resampling is not made; 0 (nearest) to 5 are");
  }
  return static_cast<Interpolation>(order);
}

}  // namespace musclemap::image
