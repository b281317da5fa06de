// UNets with random weights of the size that training starts from.
#ifndef MUSCLEMAP_TESTS_SUPPORT_RANDOM_NETWORK_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_RANDOM_NETWORK_HPP_

#include "infer/network.hpp"
#include "net/arch/monai_unet.hpp"

namespace musclemap::test {

/// Uniform in +-1 / sqrt(inputs of a value), as LibTorch initialises convolutions.
infer::Network random_network(const net::UNetSpec& spec, unsigned seed);

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_RANDOM_NETWORK_HPP_
