#include "infer/window_plan.hpp"

#include <algorithm>
#include <cmath>

namespace musclemap::infer {
namespace {

constexpr double kSigmaScale = 0.125;
constexpr double kLeastImportance = 1e-3;

std::vector<float> gaussian(std::int64_t size) {
  const double sigma = kSigmaScale * static_cast<double>(size);
  const auto divisor = static_cast<float>(-2.0 * sigma * sigma);
  std::vector<float> result;
  for (std::int64_t i = 0; i < size; ++i) {
    const auto x = static_cast<float>(static_cast<double>(i) - static_cast<double>(size - 1) / 2.0);
    result.push_back(static_cast<float>(std::exp(static_cast<double>(x * x / divisor))));
  }
  return result;
}

}  // namespace

std::vector<std::int64_t> window_starts(std::int64_t size, std::int64_t window, double overlap) {
  std::int64_t interval = window;
  if (window != size) {
    interval =
        std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(window) * (1 - overlap)));
  }
  std::vector<std::int64_t> starts;
  for (std::int64_t start = 0; starts.empty() || starts.back() + window < size; start += interval) {
    starts.push_back(std::min(start, size - window));
  }
  return starts;
}

AxisPlan plan_axis(std::int64_t size, std::int64_t window, double overlap) {
  const std::int64_t missing = std::max<std::int64_t>(window - size, 0);
  return {size, window, missing / 2, window_starts(size + missing, window, overlap)};
}

std::vector<float> importance_map(std::int64_t nx, std::int64_t ny) {
  const std::vector<float> gx = gaussian(nx);
  const std::vector<float> gy = gaussian(ny);
  std::vector<float> map;
  map.reserve(static_cast<std::size_t>(nx * ny));
  for (const float x : gx) {
    for (const float y : gy) map.push_back(x * y);
  }
  const double least = *std::min_element(map.begin(), map.end());
  const auto floor = static_cast<float>(std::max(least, kLeastImportance));
  for (float& weight : map) weight = std::max(weight, floor);
  return map;
}

}  // namespace musclemap::infer
