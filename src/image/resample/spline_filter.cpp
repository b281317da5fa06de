#include "image/resample/spline_filter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace musclemap::image {
namespace {

// Lines that are filtered beside each other, so that the compiler makes vectors of them.
constexpr std::int64_t kLanes = 8;
// sqrt(3) - 2, rounded once.
constexpr double kPole = -0.267949192431122706472553658494127633;
using Lanes = std::array<double, kLanes>;

template <class Body>
void each_lane(const Body& body) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) body(lane);
}

void filter(std::vector<Lanes>* lines) {
  std::vector<Lanes>& c = *lines;
  const std::size_t n = c.size();
  const double gain = (1 - kPole) * (1 - 1 / kPole);
  for (Lanes& value : c) each_lane([&](std::size_t lane) { value[lane] *= gain; });
  const double pole_n = std::pow(kPole, static_cast<double>(n));
  const Lanes first = c[0];
  Lanes sum = first;
  each_lane([&](std::size_t lane) { sum[lane] += pole_n * c[n - 1][lane]; });
  double power = kPole;
  for (std::size_t i = 1; i < n; ++i, power *= kPole) {
    const Lanes& up = c[i];
    const Lanes& down = c[n - 1 - i];
    each_lane([&](std::size_t lane) { sum[lane] += power * (up[lane] + pole_n * down[lane]); });
  }
  const double factor = kPole / (1 - pole_n * pole_n);
  each_lane([&](std::size_t lane) { c[0][lane] = sum[lane] * factor + first[lane]; });
  for (std::size_t i = 1; i < n; ++i)
    each_lane([&](std::size_t lane) { c[i][lane] += kPole * c[i - 1][lane]; });
  const double last = kPole / (kPole - 1);
  each_lane([&](std::size_t lane) { c[n - 1][lane] *= last; });
  for (std::size_t i = n - 1; i-- > 0;)
    each_lane([&](std::size_t lane) { c[i][lane] = kPole * (c[i + 1][lane] - c[i][lane]); });
}

}  // namespace

void spline_filter(double* first, std::int64_t n, std::int64_t step, std::int64_t count,
                   std::int64_t stride) {
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
    filter(&lines);
    for (std::int64_t i = 0; i < n; ++i) {
      const Lanes& value = lines[static_cast<std::size_t>(i)];
      for (std::int64_t lane = 0; lane < lanes; ++lane)
        line[lane * stride + i * step] = value[static_cast<std::size_t>(lane)];
    }
  }
}

}  // namespace musclemap::image
