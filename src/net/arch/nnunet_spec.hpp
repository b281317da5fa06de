// What nnU-Net plans a network by: `architecture` of plans.json.
#ifndef MUSCLEMAP_NET_ARCH_NNUNET_SPEC_HPP_
#define MUSCLEMAP_NET_ARCH_NNUNET_SPEC_HPP_

#include <vector>

#include "net/graph.hpp"

namespace musclemap::net {

/// One entry a stage, the first at full size; one number an axis in each, in the network's order of axes.
struct NnUNetSpec {
  int in_channels = 1;
  int out_channels = 0;
  std::vector<int> features;
  std::vector<std::vector<int>> kernels;      ///< odd
  std::vector<std::vector<int>> strides;      ///< of the first convolution or block of the stage
  std::vector<int> encoder_depths;            ///< convolutions (plain) or blocks (residual)
  std::vector<int> decoder_convolutions;      ///< one stage fewer, the coarsest first
  bool bias = true;                           ///< of convolutions; heads have one anyway
  LayerKind norm = LayerKind::instance_norm;  ///< or batch_norm
  bool affine = true;
  double epsilon = 1e-5;
  double slope = 0.01;  ///< of LeakyReLU; 0 is ReLU
};

}  // namespace musclemap::net

#endif  // MUSCLEMAP_NET_ARCH_NNUNET_SPEC_HPP_
