#include "image/resample/axis_taps.hpp"

#include <algorithm>
#include <cmath>

namespace musclemap::image {
namespace {

// Where index i of the target lies on the source; every operation is rounded as SciPy does it.
double position(std::int64_t source, std::int64_t target, Alignment alignment, std::int64_t i) {
  const auto n = static_cast<double>(source);
  const auto to = static_cast<double>(target);
  const auto at = static_cast<double>(i);
  if (alignment == Alignment::half_pixel) return (at + 0.5) * (n / to) - 0.5;
  return at * (target == 1 ? 1.0 : (n - 1) / (to - 1));
}

std::int64_t inside(std::int64_t index, std::int64_t source) {
  return std::clamp<std::int64_t>(index, 0, source - 1);
}

void add_linear(double at, std::int64_t source, AxisTaps* taps) {
  const double lower = std::floor(at);
  const double first = 1 - (at - lower);
  const auto index = static_cast<std::int64_t>(lower);
  taps->at.push_back(inside(index, source));
  taps->at.push_back(inside(index + 1, source));
  taps->weight.push_back(first);
  taps->weight.push_back(1 - first);
}

void add_cubic(double at, AxisTaps* taps) {
  const double lower = std::floor(at);
  const double y = at - lower;
  const double u = 1 - y;
  const double w1 = (y * y * (y - 2) * 3 + 4) / 6;
  const double w2 = (u * u * (u - 2) * 3 + 4) / 6;
  const double w0 = u * u * u / 6;
  for (std::int64_t tap = -1; tap < 3; ++tap) taps->at.push_back(static_cast<std::int64_t>(lower) + tap);
  taps->weight.insert(taps->weight.end(), {w0, w1, w2, 1 - w0 - w1 - w2});
}

}  // namespace

std::int64_t nearest_tap(std::int64_t source, std::int64_t target, Alignment alignment, std::int64_t i) {
  const double at = position(source, target, alignment, i);
  return inside(static_cast<std::int64_t>(std::floor(at + 0.5)), source);
}

AxisTaps axis_taps(std::int64_t source, std::int64_t target, Alignment alignment,
                   Interpolation interpolation) {
  AxisTaps taps;
  taps.count = static_cast<std::int64_t>(interpolation) + 1;
  taps.at.reserve(static_cast<std::size_t>(target * taps.count));
  taps.weight.reserve(taps.at.capacity());
  for (std::int64_t i = 0; i < target; ++i) {
    const double at = position(source, target, alignment, i);
    switch (interpolation) {
      case Interpolation::nearest:
        taps.at.push_back(nearest_tap(source, target, alignment, i));
        taps.weight.push_back(1);
        break;
      case Interpolation::linear:
        add_linear(at, source, &taps);
        break;
      case Interpolation::cubic_spline:
        add_cubic(at + static_cast<double>(kSplineEdge), &taps);
        break;
    }
  }
  return taps;
}

}  // namespace musclemap::image
