#include "infer/window_weights.hpp"

#include <algorithm>
#include <cmath>

namespace musclemap::infer {
namespace {

// The products of a line of each axis, in the order of the axes.
template <class T, class LineOf>
std::vector<T> outer_product(const Index3& size, const LineOf& line_of) {
  const std::vector<T> y_line = line_of(size[1]);
  const std::vector<T> z_line = line_of(size[2]);
  std::vector<T> map;
  map.reserve(static_cast<std::size_t>(size[0] * size[1] * size[2]));
  for (const T x : line_of(size[0])) {
    for (const T y : y_line) {
      for (const T z : z_line) map.push_back(x * y * z);
    }
  }
  return map;
}

// docs/chains/musclemap.md, section 4.7: MONAI's compute_importance_map().
std::vector<float> monai_line(std::int64_t size) {
  constexpr double kSigmaScale = 0.125;
  const double sigma = kSigmaScale * static_cast<double>(size);
  const auto divisor = static_cast<float>(-2.0 * sigma * sigma);
  std::vector<float> line;
  for (std::int64_t i = 0; i < size; ++i) {
    const auto x = static_cast<float>(static_cast<double>(i) - static_cast<double>(size - 1) / 2.0);
    line.push_back(static_cast<float>(std::exp(static_cast<double>(x * x / divisor))));
  }
  return line;
}

std::vector<float> monai_map(const Index3& size) {
  constexpr double kLeast = 1e-3;
  std::vector<float> map = outer_product<float>(size, monai_line);
  const double least = *std::min_element(map.begin(), map.end());
  const auto floor = static_cast<float>(std::max(least, kLeast));
  for (float& weight : map) weight = std::max(weight, floor);
  return map;
}

// SciPy's gaussian_filter() of an impulse in the middle, zeros around.
std::vector<double> nnunet_line(std::int64_t size) {
  if (size == 1) return {1};
  const double sigma = static_cast<double>(size) / 8;
  const auto radius = std::int64_t{std::lround(4 * sigma)};
  const auto kernel = [&](std::int64_t x) {
    return std::exp(-0.5 / (sigma * sigma) * static_cast<double>(x * x));
  };
  double sum = 0;
  for (std::int64_t x = -radius; x <= radius; ++x) sum += kernel(x);
  std::vector<double> line;
  for (std::int64_t i = 0; i < size; ++i) {
    const std::int64_t x = i - size / 2;
    line.push_back(std::abs(x) <= radius ? kernel(x) / sum : 0);
  }
  return line;
}

// To the nearest number that half precision has, of even last digit where two are as near.
float to_half(float value) {
  if (value == 0) return 0;
  constexpr int kLeastExponent = -14;
  constexpr int kDigits = 10;
  const float unit = std::ldexp(1.0F, std::max(std::ilogb(value), kLeastExponent) - kDigits);
  return std::nearbyint(value / unit) * unit;
}

// nnU-Net 2: compute_gaussian(), value_scaling_factor 10; PyTorch makes a double single before it is half.
std::vector<float> nnunet_map(const Index3& size) {
  const std::vector<double> map = outer_product<double>(size, nnunet_line);
  const double scale = *std::max_element(map.begin(), map.end()) / 10;
  std::vector<float> halves;
  halves.reserve(map.size());
  float least = 10;
  for (const double weight : map) {
    halves.push_back(to_half(static_cast<float>(weight / scale)));
    if (halves.back() != 0) least = std::min(least, halves.back());
  }
  std::replace(halves.begin(), halves.end(), 0.0F, least);
  return halves;
}

}  // namespace

std::vector<float> window_weights(Weight weight, const Index3& size) {
  return weight == Weight::gaussian_monai ? monai_map(size) : nnunet_map(size);
}

}  // namespace musclemap::infer
