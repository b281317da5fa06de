#include "decode/ais/gaussian.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "base/parallel.hpp"
#include "musclemap/error.hpp"

namespace musclemap::decode {
namespace {

constexpr double kMostSigma = 1000;

// Of -radius .. radius.
std::vector<double> gaussian_weights(double sigma) {
  const auto radius = static_cast<std::int64_t>(std::trunc(3.0 * sigma + 0.5));
  std::vector<double> weights;
  double sum = 0;
  for (std::int64_t k = -radius; k <= radius; ++k) {
    const auto distance = static_cast<double>(k);
    weights.push_back(std::exp(-distance * distance / (2.0 * sigma * sigma)));
    sum += weights.back();
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

// Where index i of a line lies that is mirrored at its first and last value.
std::int64_t mirrored(std::int64_t i, std::int64_t count) {
  if (count == 1) return 0;
  const std::int64_t period = 2 * (count - 1);
  i = ((i % period) + period) % period;
  return std::min(i, period - i);
}

// A row of the result: the rows around y, weighted.
void smooth_along_y(const float* plane, const image::PlaneShape& shape, const std::vector<double>& weights,
                    std::int64_t y, std::vector<double>* sums, float* to) {
  const auto radius = static_cast<std::int64_t>(weights.size() / 2);
  sums->assign(static_cast<std::size_t>(shape[1]), 0.0);
  double* sum = sums->data();
  for (std::int64_t k = -radius; k <= radius; ++k) {
    const float* row = plane + mirrored(y + k, shape[0]) * shape[1];
    const double weight = weights[static_cast<std::size_t>(k + radius)];
    for (std::int64_t x = 0; x < shape[1]; ++x) sum[x] += weight * static_cast<double>(row[x]);
  }
  for (std::int64_t x = 0; x < shape[1]; ++x) to[x] = static_cast<float>(sum[x]);
}

void smooth_along_x(const float* row, std::int64_t columns, const std::vector<double>& weights,
                    std::vector<double>* edged, std::vector<double>* sums, float* to) {
  const auto radius = static_cast<std::int64_t>(weights.size() / 2);
  edged->resize(static_cast<std::size_t>(columns + 2 * radius));
  for (std::int64_t x = -radius; x < columns + radius; ++x) {
    const bool inside = x >= 0 && x < columns;
    (*edged)[static_cast<std::size_t>(x + radius)] =
        static_cast<double>(row[inside ? x : mirrored(x, columns)]);
  }
  sums->assign(static_cast<std::size_t>(columns), 0.0);
  double* sum = sums->data();
  for (std::size_t k = 0; k < weights.size(); ++k) {
    const double* from = edged->data() + k;
    const double weight = weights[k];
    for (std::int64_t x = 0; x < columns; ++x) sum[x] += weight * from[x];
  }
  for (std::int64_t x = 0; x < columns; ++x) to[x] = static_cast<float>(sum[x]);
}

}  // namespace

void smooth_gaussian(const image::PlaneShape& shape, double sigma, int threads, std::vector<float>* plane) {
  if (sigma <= 0.0) return;
  if (!(sigma <= kMostSigma)) {
    throw Error(ErrorCode::argument,
                "a Gaussian's sigma is " + std::to_string(sigma) + "; up to 1000 pixels are allowed");
  }
  constexpr std::int64_t kBand = 16;  // rows
  const std::vector<double> weights = gaussian_weights(sigma);
  std::vector<float> smoothed(plane->size());
  base::parallel_for((shape[0] + kBand - 1) / kBand, threads, [&](std::int64_t band) {
    std::vector<double> edged;
    std::vector<double> sums;
    std::vector<float> row(static_cast<std::size_t>(shape[1]));
    for (std::int64_t y = band * kBand; y < std::min(shape[0], (band + 1) * kBand); ++y) {
      smooth_along_y(plane->data(), shape, weights, y, &sums, row.data());
      smooth_along_x(row.data(), shape[1], weights, &edged, &sums, smoothed.data() + y * shape[1]);
    }
  });
  *plane = std::move(smoothed);
}

}  // namespace musclemap::decode
