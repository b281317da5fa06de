// After smooth_sharpen_img of cellpose/transforms.py; G is the product of one factor an axis, so that no
// Fourier transform is needed.
#include "image/contrast/sharpen.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/parallel.hpp"

namespace musclemap::image {
namespace {

/// The factor of G along an axis: weights of pixels first, first + 1, .. of the kernel.
struct AxisKernel {
  std::int64_t first = 0;
  std::vector<double> weights;
};

constexpr double kNegligible = 1e-20;  // of the largest weight

AxisKernel axis_kernel(double sigma, std::int64_t count, std::int64_t height) {
  const double half = static_cast<double>(height) / 2;
  const double step = count > 1 ? (2 * half + 1) / static_cast<double>(count - 1) : 0;
  std::vector<double> weights(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double place = -half + step * static_cast<double>(i);
    weights[i] = std::exp(-(place * place) / (2 * sigma * sigma));
  }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  AxisKernel kernel;
  const double largest = *std::max_element(weights.begin(), weights.end());
  std::size_t begin = 0;
  std::size_t end = weights.size();
  while (begin + 1 < end && weights[begin] < kNegligible * largest) ++begin;
  while (end > begin + 1 && weights[end - 1] < kNegligible * largest) --end;
  kernel.first = static_cast<std::int64_t>(begin);
  for (std::size_t i = begin; i < end; ++i) kernel.weights.push_back(weights[i] / sum);
  return kernel;
}

std::int64_t wrapped(std::int64_t i, std::int64_t size) {
  const std::int64_t rest = i % size;
  return rest < 0 ? rest + size : rest;
}

/// Output i is the sum over m of weights[m] times input i - size / 2 + first + m, around the edge.
std::vector<double> correlated(const FloatPlane& plane, double sigma, int threads) {
  const std::int64_t height = plane.height;
  const std::int64_t width = plane.width;
  const AxisKernel down = axis_kernel(sigma, height, height);
  const AxisKernel across = axis_kernel(sigma, width, height);
  std::vector<double> rows(plane.values.size());
  base::parallel_for(height, threads, [&](std::int64_t y) {
    const auto taps = static_cast<std::int64_t>(across.weights.size());
    std::vector<double> line(static_cast<std::size_t>(width + taps));
    for (std::size_t i = 0; i < line.size(); ++i) {
      line[i] = static_cast<double>(
          plane.row(y)[wrapped(static_cast<std::int64_t>(i) - width / 2 + across.first, width)]);
    }
    for (std::int64_t x = 0; x < width; ++x) {
      rows[static_cast<std::size_t>(y * width + x)] =
          std::inner_product(across.weights.begin(), across.weights.end(), line.begin() + x, 0.0);
    }
  });
  std::vector<double> result(plane.values.size(), 0.0);
  base::parallel_for(height, threads, [&](std::int64_t y) {
    double* out = result.data() + y * width;
    for (std::size_t m = 0; m < down.weights.size(); ++m) {
      const std::int64_t from = wrapped(y - height / 2 + down.first + static_cast<std::int64_t>(m), height);
      const double* in = rows.data() + from * width;
      for (std::int64_t x = 0; x < width; ++x) out[x] += down.weights[m] * in[x];
    }
  });
  return result;
}

/// The middle element of G.
double middle(double sigma, std::int64_t height, std::int64_t width) {
  const auto at_middle = [&](std::int64_t count) {
    const AxisKernel kernel = axis_kernel(sigma, count, height);
    const std::int64_t index = count / 2 - kernel.first;
    const bool there = index >= 0 && index < static_cast<std::int64_t>(kernel.weights.size());
    return there ? kernel.weights[static_cast<std::size_t>(index)] : 0;
  };
  return at_middle(height) * at_middle(width);
}

}  // namespace

void sharpen(double smooth_radius, double sharpen_radius, FloatPlane* plane, int threads) {
  if (smooth_radius <= 0 && sharpen_radius <= 0) return;
  std::vector<double> sum(plane->values.size(), 0.0);
  if (smooth_radius > 0) {
    sum = correlated(*plane, smooth_radius, threads);
  } else {
    const double kept = 1 + middle(sharpen_radius, plane->height, plane->width);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = kept * static_cast<double>(plane->values[i]);
  }
  if (sharpen_radius > 0) {
    const std::vector<double> surround = correlated(*plane, sharpen_radius, threads);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] -= surround[i];
  }
  for (std::size_t i = 0; i < sum.size(); ++i) plane->values[i] = static_cast<float>(sum[i]);
}

}  // namespace musclemap::image
