#include "image/resample/spline_filter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace musclemap::image {
namespace {

// Lines that are filtered beside each other, so that the compiler makes vectors of them.
constexpr std::int64_t kLanes = 8;
using Lanes = std::array<double, kLanes>;

template <class Body>
void each_lane(const Body& body) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) body(lane);
}

// Of the recursive filter, each rounded once: sqrt(8) - 3; sqrt(3) - 2; sqrt(664 -+ sqrt(438976)) +-
// sqrt(304) - 19; sqrt(67.5 -+ sqrt(4436.25)) +- sqrt(26.25) - 6.5. 0: there is none.
using Poles = std::array<double, 2>;

Poles poles_of(Interpolation spline) {
  switch (spline) {
    case Interpolation::quadratic_spline:
      return {-0.171572875253809902396622551580603843, 0};
    case Interpolation::quartic_spline:
      return {-0.361341225900220177092212841325675255, -0.013725429297339121360331226939128204};
    case Interpolation::quintic_spline:
      return {-0.430575347099973791851434783493520110, -0.043096288203264653822712376822550182};
    default:
      return {-0.267949192431122706472553658494127633, 0};
  }
}

void apply_pole(double pole, std::vector<Lanes>* lines) {
  std::vector<Lanes>& c = *lines;
  const std::size_t n = c.size();
  const double pole_n = std::pow(pole, static_cast<double>(n));
  const Lanes first = c[0];
  Lanes sum = first;
  each_lane([&](std::size_t lane) { sum[lane] += pole_n * c[n - 1][lane]; });
  double power = pole;
  for (std::size_t i = 1; i < n; ++i, power *= pole) {
    const Lanes& up = c[i];
    const Lanes& down = c[n - 1 - i];
    each_lane([&](std::size_t lane) { sum[lane] += power * (up[lane] + pole_n * down[lane]); });
  }
  const double factor = pole / (1 - pole_n * pole_n);
  each_lane([&](std::size_t lane) { c[0][lane] = sum[lane] * factor + first[lane]; });
  for (std::size_t i = 1; i < n; ++i)
    each_lane([&](std::size_t lane) { c[i][lane] += pole * c[i - 1][lane]; });
  const double last = pole / (pole - 1);
  each_lane([&](std::size_t lane) { c[n - 1][lane] *= last; });
  for (std::size_t i = n - 1; i-- > 0;)
    each_lane([&](std::size_t lane) { c[i][lane] = pole * (c[i + 1][lane] - c[i][lane]); });
}

void filter(const Poles& poles, std::vector<Lanes>* lines) {
  double gain = 1;
  for (const double pole : poles) {
    if (pole != 0) gain *= (1 - pole) * (1 - 1 / pole);
  }
  for (Lanes& value : *lines) each_lane([&](std::size_t lane) { value[lane] *= gain; });
  for (const double pole : poles) {
    if (pole != 0) apply_pole(pole, lines);
  }
}

}  // namespace

void spline_filter(Interpolation spline, double* first, std::int64_t n, std::int64_t step, std::int64_t count,
                   std::int64_t stride) {
  const Poles poles = poles_of(spline);
  std::vector<Lanes> lines(static_cast<std::size_t>(n));
  for (std::int64_t begin = 0; begin < count; begin += kLanes) {
    const std::int64_t lanes = std::min(kLanes, count - begin);
    double* line = first + begin * stride;
    for (std::int64_t i = 0; i < n; ++i) {
      Lanes& value = lines[static_cast<std::size_t>(i)];
      value.fill(0);
      for (std::int64_t lane = 0; lane < lanes; ++lane)
        value[static_cast<std::size_t>(lane)] = line[lane * stride + i * step];
    }
    filter(poles, &lines);
    for (std::int64_t i = 0; i < n; ++i) {
      const Lanes& value = lines[static_cast<std::size_t>(i)];
      for (std::int64_t lane = 0; lane < lanes; ++lane)
        line[lane * stride + i * step] = value[static_cast<std::size_t>(lane)];
    }
  }
}

}  // namespace musclemap::image
