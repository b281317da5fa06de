// nnU-Net's plain U-Net: `PlainConvUNet` of dynamic_network_architectures, as nnU-Net v2 plans it.
#ifndef MUSCLEMAP_NET_ARCH_NNUNET_PLAIN_HPP_
#define MUSCLEMAP_NET_ARCH_NNUNET_PLAIN_HPP_

#include <vector>

#include "net/graph.hpp"

namespace musclemap::net {

/// `architecture` of plans.json. One entry a stage, the first at full size; one number an axis in each.
struct NnUNetPlainSpec {
  int in_channels = 1;
  int out_channels = 0;
  std::vector<int> features;
  std::vector<std::vector<int>> kernels;  ///< odd
  std::vector<std::vector<int>> strides;  ///< of the first convolution; those of the first stage are 1
  std::vector<int> encoder_convolutions;
  std::vector<int> decoder_convolutions;  ///< one stage fewer, the coarsest first
};

/// Convolutions with bias, instance norm (epsilon 1e-5, affine) and LeakyReLU (0.01); transposed convolutions
/// whose kernel is their stride, their map before the skip connection's. Ports "image" and "scores";
/// parameters in the order of the state dict, without the names that repeat others there (`decoder.encoder`,
/// `all_modules`) and with the heads of deep supervision, which no layer needs. Error `model` for numbers
/// that do not go together.
Graph nnunet_plain(const NnUNetPlainSpec& spec);

}  // namespace musclemap::net

#endif  // MUSCLEMAP_NET_ARCH_NNUNET_PLAIN_HPP_
