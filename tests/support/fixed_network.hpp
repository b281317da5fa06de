// The network of docs/chains/musclemap.md, section 10.5: weights by a formula.
#ifndef MUSCLEMAP_TESTS_SUPPORT_FIXED_NETWORK_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_FIXED_NETWORK_HPP_

#include "infer/network.hpp"

namespace musclemap::test {

/// Channels 4, 8, 16, 32, 64, 6 outputs; tensor k, element i = float(0.2 sin(0.7 i + 1.3 k)).
infer::Network fixed_network(int res_units);

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_FIXED_NETWORK_HPP_
