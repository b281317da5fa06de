// MONAI 1.3.2 `UNet`: monai/networks/nets/unet.py and blocks/convolutions.py.
#ifndef MUSCLEMAP_NET_ARCH_MONAI_UNET_HPP_
#define MUSCLEMAP_NET_ARCH_MONAI_UNET_HPP_

#include <cstdint>
#include <vector>

#include "net/graph.hpp"

namespace musclemap::net {

enum class Norm : std::uint8_t { instance, batch };
enum class Nonlinearity : std::uint8_t { leaky_relu, relu, prelu };

/// Epsilon of both norms in MONAI.
inline constexpr double kNormEpsilon = 1e-5;

/// Kernel 3, bias everywhere, no dropout. channels.size() == strides.size() + 1. Kernels of residual
/// convolutions follow MONAI: 3 where the stride is not 1, else 1.
struct UNetSpec {
  int in_channels = 1;
  int out_channels = 0;
  std::vector<int> channels;
  std::vector<int> strides;
  int num_res_units = 1;
  Norm norm = Norm::instance;
  bool affine = false;  ///< the norm has a weight and a bias per channel
  Nonlinearity nonlinearity = Nonlinearity::leaky_relu;
  double negative_slope = 0.01;  ///< of LeakyReLU; 0 for ReLU; PReLU learns one a layer
  int axes = 2;
};

/// Ports "image" and "scores"; parameters as MONAI's state dict lists them. The main path is the first input
/// of a sum. Error `model` for a description that makes no network.
Graph monai_unet(const UNetSpec& spec);

}  // namespace musclemap::net

#endif  // MUSCLEMAP_NET_ARCH_MONAI_UNET_HPP_
