#include "base/even_tiles.hpp"

#include <algorithm>
#include <cmath>

namespace musclemap::base {

std::vector<std::int64_t> even_starts(std::int64_t last, std::int64_t count) {
  std::vector<std::int64_t> starts;
  const double step = count > 1 ? static_cast<double>(last) / static_cast<double>(count - 1) : 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const bool at_end = i > 0 && i + 1 == count;  // as linspace() does, whatever the product's rounding
    starts.push_back(at_end ? last : static_cast<std::int64_t>(static_cast<double>(i) * step));
  }
  return starts;
}

std::vector<std::int64_t> even_tiles(std::int64_t size, std::int64_t length, double overlap) {
  if (size <= length) return {0};
  const double tiles = (1.0 + 2 * overlap) * static_cast<double>(size) / static_cast<double>(length);
  return even_starts(size - length, static_cast<std::int64_t>(std::ceil(tiles)));
}

}  // namespace musclemap::base
