#include "support/random_network.hpp"

#include <cmath>
#include <cstdint>
#include <random>
#include <string>

namespace musclemap::test {

namespace {

// Biases and means around 0; variances, norms' weights and slopes above it.
net::NamedTensor of_channels(const net::Parameter& parameter, std::int64_t count, std::mt19937& random) {
  const std::string& name = parameter.name;
  const auto ends_with = [&](const std::string& end) {
    return name.size() >= end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
  };
  const bool positive = ends_with("running_var") || ends_with("N.weight") || ends_with("A.weight");
  std::uniform_real_distribution<float> uniform(positive ? 0.2F : -0.1F, positive ? 0.9F : 0.1F);
  net::NamedTensor named{name, {parameter.shape, {}}};
  for (std::int64_t i = 0; i < count; ++i) named.tensor.values.push_back(uniform(random));
  return named;
}

}  // namespace

infer::Network random_network(const net::UNetSpec& spec, unsigned seed) {
  infer::Network network;
  network.graph = net::monai_unet(spec);
  std::mt19937 random(seed);
  for (const net::Parameter& parameter : network.graph.parameters) {
    std::int64_t count = 1;
    for (const std::int64_t size : parameter.shape) count *= size;
    if (parameter.shape.size() < 2) {
      network.weights.push_back(of_channels(parameter, count, random));
      continue;
    }
    const double bound = 1 / std::sqrt(static_cast<double>(count) / static_cast<double>(parameter.shape[0]));
    std::uniform_real_distribution<float> uniform(static_cast<float>(-bound), static_cast<float>(bound));
    net::NamedTensor named{parameter.name, {parameter.shape, {}}};
    for (std::int64_t i = 0; i < count; ++i) named.tensor.values.push_back(uniform(random));
    network.weights.push_back(std::move(named));
  }
  return network;
}

}  // namespace musclemap::test
