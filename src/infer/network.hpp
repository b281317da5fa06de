// What an engine is asked to run: a described network with its weights, or a program.
#ifndef MUSCLEMAP_INFER_NETWORK_HPP_
#define MUSCLEMAP_INFER_NETWORK_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "net/tensor.hpp"

namespace musclemap::infer {

enum class Norm : std::uint8_t { instance, batch };
enum class Nonlinearity : std::uint8_t { leaky_relu, relu, prelu };

/// Epsilon of both norms in MONAI.
inline constexpr double kNormEpsilon = 1e-5;

/// MONAI 1.3.2 `UNet`, 2-D, kernel 3, bias everywhere, no dropout.
/// channels.size() == strides.size() + 1. Kernels of residual convolutions follow MONAI: 3 where the stride
/// is not 1, else 1.
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
};

/// One parameter of a network: its name in the state dict and its shape.
struct ParameterSpec {
  std::string name;
  std::vector<std::int64_t> shape;
};

/// A network to run: a UNet with its weights, a program, or a program that was recognised as a UNet.
struct Network {
  UNetSpec unet;               ///< with `weights`; has no channels where there is but a program
  net::StateDict weights;      ///< names and shapes as unet_parameters(unet) lists them
  std::string torchscript;     ///< bytes of a TorchScript archive, already checked and trusted
  std::string not_recognised;  ///< why the program is no UNet, "it calls torch.softmax, …"; empty where it is
  std::string not_runnable;    ///< why the program may not be run, "is not trusted"; empty where it may
};

/// Where the norm and the activation behind a convolution have their parameters: "model.0.conv.unit0.adn" of
/// "model.0.conv.unit0.conv".
std::string adn_of(const std::string& convolution);

/// Every parameter of the network in the order of its state dict (MuscleMap spec, section 5).
std::vector<ParameterSpec> unet_parameters(const UNetSpec& spec);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_NETWORK_HPP_
