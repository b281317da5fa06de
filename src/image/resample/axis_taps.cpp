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

// All but the last; x is the distance to the middle knot: 0 to 1 of odd degrees, -0.5 to 0.5 of even ones.
std::vector<double> first_weights(Interpolation spline, double x) {
  const double z = 1 - x;
  switch (spline) {
    case Interpolation::quadratic_spline: {
      const double y = 0.5 - x;
      return {0.5 * y * y, 0.75 - x * x};
    }
    case Interpolation::quartic_spline: {
      const auto outer = [](double y) {
        return y * (y * (y * (5.0 - y) / 6.0 - 1.25) + 5.0 / 24.0) + 55.0 / 96.0;
      };
      const double t = x * x;
      const double u = (0.5 - x) * (0.5 - x);
      return {u * u / 24.0, outer(1 + x), t * (t * 0.25 - 0.625) + 115.0 / 192.0, outer(z)};
    }
    case Interpolation::quintic_spline: {
      const auto inner = [](double y) {
        const double t = y * y;
        return t * (t * (0.25 - y / 12.0) - 0.5) + 0.55;
      };
      const auto outer = [](double y) {
        return y * (y * (y * (y * (y / 24.0 - 0.375) + 1.25) - 1.75) + 0.625) + 0.425;
      };
      const double t = z * z;
      return {z * t * t / 120.0, outer(x + 1), inner(x), inner(z), outer(z + 1)};
    }
    default:
      return {z * z * z / 6, (x * x * (x - 2) * 3 + 4) / 6, (z * z * (z - 2) * 3 + 4) / 6};
  }
}

void add_spline(Interpolation spline, double at, AxisTaps* taps) {
  const std::int64_t degree = taps->count - 1;
  const double middle = std::floor(degree % 2 == 1 ? at : at + 0.5);
  const std::vector<double> weights = first_weights(spline, at - middle);
  double last = 1;
  for (const double weight : weights) {
    taps->weight.push_back(weight);
    last -= weight;
  }
  taps->weight.push_back(last);
  const std::int64_t first = static_cast<std::int64_t>(middle) - degree / 2;
  for (std::int64_t tap = 0; tap < taps->count; ++tap) taps->at.push_back(first + tap);
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
      default:
        add_spline(interpolation, at + static_cast<double>(kSplineEdge), &taps);
    }
  }
  return taps;
}

}  // namespace musclemap::image
