#include "support/fixed_network.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

#include "net/arch/monai_unet.hpp"

namespace musclemap::test {

infer::Network fixed_network(int res_units) {
  infer::Network network;
  network.graph = net::monai_unet({1, 6, {4, 8, 16, 32, 64}, {2, 2, 2, 2}, res_units});
  std::size_t k = 0;
  for (const net::Parameter& parameter : network.graph.parameters) {
    std::int64_t count = 1;
    for (const std::int64_t size : parameter.shape) count *= size;
    std::vector<float> values;
    for (std::int64_t i = 0; i < count; ++i) {
      values.push_back(
          static_cast<float>(0.2 * std::sin(0.7 * static_cast<double>(i) + 1.3 * static_cast<double>(k))));
    }
    network.weights.push_back({parameter.name, {parameter.shape, values}});
    ++k;
  }
  return network;
}

}  // namespace musclemap::test
