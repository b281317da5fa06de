#include "draw/number.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace musclemap::draw {

std::string decimal(double value, int digits) {
  std::int64_t scale = 1;
  for (int d = 0; d < digits; ++d) scale *= 10;
  if (!(std::fabs(value) < 1e12)) return "-";
  const std::int64_t scaled = std::llround(value * static_cast<double>(scale));
  const std::int64_t size = std::llabs(scaled);
  std::string text = (scaled < 0 ? "-" : "") + std::to_string(size / scale);
  if (digits > 0) {
    const std::string rest = std::to_string(size % scale);
    text += "." + std::string(static_cast<std::size_t>(digits) - rest.size(), '0') + rest;
  }
  return text;
}

}  // namespace musclemap::draw
