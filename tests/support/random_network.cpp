#include "support/random_network.hpp"

#include <cmath>
#include <cstdint>
#include <random>

namespace musclemap::test {

infer::Network random_network(const infer::UNetSpec& spec, unsigned seed) {
  infer::Network network;
  network.unet = spec;
  std::mt19937 random(seed);
  for (const infer::ParameterSpec& parameter : infer::unet_parameters(spec)) {
    std::int64_t count = 1;
    for (const std::int64_t size : parameter.shape) count *= size;
    const double bound = 1 / std::sqrt(static_cast<double>(count) / static_cast<double>(parameter.shape[0]));
    std::uniform_real_distribution<float> uniform(static_cast<float>(-bound), static_cast<float>(bound));
    base::NamedTensor named{parameter.name, {parameter.shape, {}}};
    for (std::int64_t i = 0; i < count; ++i) named.tensor.values.push_back(uniform(random));
    network.weights.push_back(std::move(named));
  }
  return network;
}

}  // namespace musclemap::test
