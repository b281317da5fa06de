#include "infer/reference/channel_layers.hpp"

#include <cmath>

namespace musclemap::infer {
namespace {

/// A channel's value of a parameter; one value stands for all channels.
double value_of(const net::Tensor* tensor, std::int64_t channel, double otherwise) {
  if (tensor == nullptr) return otherwise;
  const std::vector<float>& values = tensor->values;
  return static_cast<double>(values[values.size() == 1 ? 0 : static_cast<std::size_t>(channel)]);
}

}  // namespace

void normalise(const NormParameters& norm, DoubleMap* map) {
  const std::int64_t pixels = map->pixels();
  for (std::int64_t c = 0; c < map->channels; ++c) {
    double* values = map->plane(c);
    double mean = value_of(norm.mean, c, 0);
    double variance = value_of(norm.variance, c, 0);
    if (norm.mean == nullptr) {
      for (std::int64_t p = 0; p < pixels; ++p) mean += values[p];
      mean /= static_cast<double>(pixels);
      for (std::int64_t p = 0; p < pixels; ++p) variance += (values[p] - mean) * (values[p] - mean);
      variance /= static_cast<double>(pixels);
    }
    const double scale = value_of(norm.weight, c, 1) / std::sqrt(variance + norm.epsilon);
    const double bias = value_of(norm.bias, c, 0);
    for (std::int64_t p = 0; p < pixels; ++p) values[p] = (values[p] - mean) * scale + bias;
  }
}

void leaky_relu(double slope, const net::Tensor* slopes, DoubleMap* map) {
  const std::int64_t pixels = map->pixels();
  for (std::int64_t c = 0; c < map->channels; ++c) {
    double* values = map->plane(c);
    const double factor = value_of(slopes, c, slope);
    for (std::int64_t p = 0; p < pixels; ++p) values[p] = values[p] > 0 ? values[p] : factor * values[p];
  }
}

void sigmoid(DoubleMap* map) {
  for (double& value : map->values) value = 1 / (1 + std::exp(-value));
}

DoubleMap sum_of(const DoubleMap& a, const DoubleMap& b) {
  if (a.pixels() < b.pixels()) return sum_of(b, a);
  DoubleMap result = a;
  const std::int64_t pixels = a.pixels();
  const bool vector = b.pixels() != pixels;
  for (std::int64_t c = 0; c < a.channels; ++c) {
    double* values = result.plane(c);
    const double* added = b.plane(c);
    for (std::int64_t p = 0; p < pixels; ++p) values[p] += added[vector ? 0 : p];
  }
  return result;
}

void append_channels(const DoubleMap& other, DoubleMap* map) {
  map->channels += other.channels;
  map->values.insert(map->values.end(), other.values.begin(), other.values.end());
}

DoubleMap mean_over_space(const DoubleMap& map) {
  DoubleMap result(map.channels, {});
  for (std::int64_t c = 0; c < map.channels; ++c) {
    double sum = 0;
    for (std::int64_t p = 0; p < map.pixels(); ++p) sum += map.plane(c)[p];
    result.values[static_cast<std::size_t>(c)] = sum / static_cast<double>(map.pixels());
  }
  return result;
}

DoubleMap linear(const net::Tensor& weight, const net::Tensor* bias, const DoubleMap& vector) {
  DoubleMap result(weight.shape[0], {});
  const float* w = weight.values.data();
  for (std::int64_t o = 0; o < result.channels; ++o) {
    double sum = value_of(bias, o, 0);
    for (const double value : vector.values) sum += static_cast<double>(*w++) * value;
    result.values[static_cast<std::size_t>(o)] = sum;
  }
  return result;
}

void divide_by_length(DoubleMap* vector) {
  double squares = 0;
  for (const double value : vector->values) squares += value * value;
  for (double& value : vector->values) value /= std::sqrt(squares);
}

}  // namespace musclemap::infer
