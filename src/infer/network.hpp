// What an engine is asked to run: a described network with its weights, or a program.
#ifndef MUSCLEMAP_INFER_NETWORK_HPP_
#define MUSCLEMAP_INFER_NETWORK_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "base/tensor.hpp"

namespace musclemap::infer {

/// MONAI 1.3.2 `UNet`, 2-D, instance norm without parameters, LeakyReLU 0.01, kernel 3, bias everywhere.
/// channels.size() == strides.size() + 1. Kernels of residual convolutions follow MONAI: 3 where the stride
/// is not 1, else 1.
struct UNetSpec {
  int in_channels = 1;
  int out_channels = 0;
  std::vector<int> channels;
  std::vector<int> strides;
  int num_res_units = 1;
};

/// One parameter of a network: its name in the state dict and its shape.
struct ParameterSpec {
  std::string name;
  std::vector<std::int64_t> shape;
};

/// A network to run. Exactly one of the two forms is filled.
struct Network {
  UNetSpec unet;            ///< with `weights`
  base::StateDict weights;  ///< names and shapes as unet_parameters(unet) lists them
  std::string torchscript;  ///< bytes of a TorchScript archive, already checked and trusted
};

/// Every parameter of the network in the order of its state dict (MuscleMap spec, section 5).
std::vector<ParameterSpec> unet_parameters(const UNetSpec& spec);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_NETWORK_HPP_
