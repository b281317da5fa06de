#include "decode/half_pixel_taps.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "musclemap/error.hpp"

namespace musclemap::decode {
namespace {

AxisTap tap_at(double at, std::int64_t size, int order) {
  const double held = std::min(std::max(at, 0.0), static_cast<double>(size - 1));
  if (order == 0) {
    const auto nearest = static_cast<std::int64_t>(std::floor(held + 0.5));
    return {nearest, nearest, 1, 0};
  }
  const double lower = std::floor(held);
  AxisTap tap;
  tap.lower = static_cast<std::int64_t>(lower);
  // Both weights as SciPy rounds them: the second is what the first leaves of 1.
  tap.lower_weight = 1 - (held - lower);
  tap.upper_weight = 1 - tap.lower_weight;
  tap.upper = tap.upper_weight > 0 ? tap.lower + 1 : tap.lower;
  return tap;
}

}  // namespace

std::array<std::vector<AxisTap>, 3> half_pixel_taps(const image::HalfPixelBack& back) {
  const bool separate = back.separate_axis >= 0;
  if (back.order < 0 || back.order > 1 || (separate && back.order_separate != 0)) {
    throw Error(ErrorCode::unsupported,
                "scores go back with order 0 or 1, and 0 along a separate axis, not " +
                    std::to_string(back.order) + " and " + std::to_string(back.order_separate));
  }
  std::array<std::vector<AxisTap>, 3> taps;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const int order = static_cast<int>(axis) == back.separate_axis ? 0 : back.order;
    const double step = static_cast<double>(back.from[axis]) / static_cast<double>(back.to[axis]);
    for (std::int64_t i = 0; i < back.to[axis]; ++i) {
      taps[axis].push_back(tap_at((static_cast<double>(i) + 0.5) * step - 0.5, back.from[axis], order));
    }
  }
  return taps;
}

}  // namespace musclemap::decode
