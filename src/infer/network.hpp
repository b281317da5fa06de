// What an engine is asked to run: a graph with its weights, or a program.
#ifndef MUSCLEMAP_INFER_NETWORK_HPP_
#define MUSCLEMAP_INFER_NETWORK_HPP_

#include <string>

#include "net/arch/monai_unet.hpp"
#include "net/graph.hpp"
#include "net/tensor.hpp"

namespace musclemap::infer {

// What the native engine and the engine module still ask for by its own name.
using net::kNormEpsilon;
using net::Nonlinearity;
using net::Norm;
using net::UNetSpec;

/// A network to run: a graph with its weights, a program, or a program that was recognised as a UNet.
struct Network {
  net::Graph graph;            ///< empty where there is but a program
  net::StateDict weights;      ///< names and shapes as graph.parameters lists them
  UNetSpec unet;               ///< what `graph` was built from; without channels where there is but a program
  std::string torchscript;     ///< bytes of a TorchScript archive, already checked and trusted
  std::string not_recognised;  ///< why the program is no UNet, "it calls torch.softmax, …"; empty where it is
  std::string not_runnable;    ///< why the program may not be run, "is not trusted"; empty where it may
};

/// Where the norm and the activation behind a convolution of MONAI's UNet have their parameters:
/// "model.0.conv.unit0.adn" of "model.0.conv.unit0.conv".
inline std::string adn_of(const std::string& convolution) {
  constexpr std::size_t kSuffix = 5;  // ".conv"
  return convolution.substr(0, convolution.size() - kSuffix) + ".adn";
}

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_NETWORK_HPP_
