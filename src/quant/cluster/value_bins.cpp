#include "quant/cluster/value_bins.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace musclemap::quant {

std::vector<std::size_t> bin_borders(const std::vector<double>& values, std::size_t bins) {
  std::vector<std::size_t> borders;
  const double range = values.empty() ? 0 : values.back() - values.front();
  const double per_value = static_cast<double>(bins) / range;
  if (values.size() > bins && std::isfinite(range) && std::isfinite(per_value)) {
    std::size_t last = bins;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto bin = std::min(static_cast<std::size_t>((values[i] - values.front()) * per_value), bins - 1);
      if (bin != last) borders.push_back(i);
      last = bin;
    }
    borders.push_back(values.size());
    if (borders.size() > bins / 8) return borders;
  }
  borders.resize(values.size() + 1);
  std::iota(borders.begin(), borders.end(), std::size_t{0});
  return borders;
}

}  // namespace musclemap::quant
