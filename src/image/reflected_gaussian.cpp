// After scipy.ndimage: gaussian_filter1d and its symmetric correlation.
#include "image/reflected_gaussian.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/parallel.hpp"

namespace musclemap::image {
namespace {

constexpr double kReach = 4;  // sigmas

std::size_t reflected_place(std::int64_t at, std::int64_t count) {
  at %= 2 * count;
  if (at < 0) at += 2 * count;
  return static_cast<std::size_t>(at < count ? at : 2 * count - 1 - at);
}

/// Lines of `count` values that are `stride` apart, one from each of `starts` values on.
void smooth_lines(const ReflectedGaussian& gaussian, float* first, std::int64_t starts, std::int64_t count,
                  std::int64_t stride, std::int64_t start_stride) {
  std::vector<float> line(static_cast<std::size_t>(count));
  for (std::int64_t start = 0; start < starts; ++start) {
    float* values = first + start * start_stride;
    for (std::int64_t i = 0; i < count; ++i) line[static_cast<std::size_t>(i)] = values[i * stride];
    const std::vector<float> smooth = gaussian.smoothed(line);
    for (std::int64_t i = 0; i < count; ++i) values[i * stride] = smooth[static_cast<std::size_t>(i)];
  }
}

}  // namespace

ReflectedGaussian::ReflectedGaussian(double sigma) {
  const auto radius = static_cast<std::int64_t>(std::floor(kReach * sigma + 0.5));
  double sum = 0;
  for (std::int64_t k = -radius; k <= radius; ++k) {
    const double weight = std::exp(-0.5 / (sigma * sigma) * static_cast<double>(k * k));
    sum += weight;
    if (k >= 0) weights_.push_back(weight);
  }
  for (double& weight : weights_) weight /= sum;
}

std::vector<float> ReflectedGaussian::smoothed(const std::vector<float>& line) const {
  const auto count = static_cast<std::int64_t>(line.size());
  const auto radius = static_cast<std::int64_t>(weights_.size()) - 1;
  std::vector<double> edged(static_cast<std::size_t>(count + 2 * radius));
  for (std::int64_t i = -radius; i < count + radius; ++i) {
    edged[static_cast<std::size_t>(i + radius)] = static_cast<double>(line[reflected_place(i, count)]);
  }
  std::vector<float> result;
  result.reserve(line.size());
  for (std::int64_t at = radius; at < count + radius; ++at) {
    const double* middle = edged.data() + at;
    double sum = middle[0] * weights_[0];
    for (std::int64_t k = radius; k > 0; --k) {
      sum += (middle[-k] + middle[k]) * weights_[static_cast<std::size_t>(k)];
    }
    result.push_back(static_cast<float>(sum));
  }
  return result;
}

void smooth_volume(double sigma, int threads, FloatVolume* volume) {
  if (sigma <= 0) return;
  const ReflectedGaussian gaussian(sigma);
  const std::int64_t width = volume->width;
  base::parallel_for(volume->height, threads, [&](std::int64_t y) {
    smooth_lines(gaussian, volume->row(0, y), width, volume->depth, volume->height * width, 1);
  });
  base::parallel_for(volume->depth, threads, [&](std::int64_t z) {
    smooth_lines(gaussian, volume->row(z, 0), width, volume->height, width, 1);
    smooth_lines(gaussian, volume->row(z, 0), volume->height, width, 1, width);
  });
}

}  // namespace musclemap::image
