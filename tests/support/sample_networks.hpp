// Small networks that are not MONAI's UNet, with random weights.
#ifndef MUSCLEMAP_TESTS_SUPPORT_SAMPLE_NETWORKS_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_SAMPLE_NETWORKS_HPP_

#include <string>
#include <vector>

#include "infer/network.hpp"

namespace musclemap::test {

struct SampleNetwork {
  std::string name;
  infer::Network network;
};

/// A U-Net with max-pooling and nearest upsampling, a residual network without skip connections, one of two
/// inputs, one with a style vector and linear layers as CPnet has, and one of every other kind of layer.
/// Sizes that 8 divides suit them all.
std::vector<SampleNetwork> sample_networks();

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_SAMPLE_NETWORKS_HPP_
