#include "image/percentile.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace musclemap::image {

float numpy_percentile(std::vector<float>* values, double percent) {
  const auto last = values->size() - 1;
  const float part = static_cast<float>(percent) / 100.0F;
  const float place = static_cast<float>(last) * part;
  const float whole = std::floor(place);
  const std::size_t below = std::min(static_cast<std::size_t>(whole), last);
  const auto at = values->begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values->begin(), at, values->end());
  const float low = *at;
  if (below == last) return low;
  const float high = *std::min_element(at + 1, values->end());
  const float step = high - low;
  const float share = place - whole;
  // NumPy's _lerp() counts from the nearer of the two.
  return share < 0.5F ? low + step * share : high - step * (1.0F - share);
}

}  // namespace musclemap::image
