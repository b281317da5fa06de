// Networks that LibTorch's module knows by name and that are no graphs of layers.
#ifndef MUSCLEMAP_INFER_KNOWN_NETWORK_HPP_
#define MUSCLEMAP_INFER_KNOWN_NETWORK_HPP_

#include <memory>
#include <string>

#include "infer/engine.hpp"
#include "net/tensor.hpp"

namespace musclemap::infer {

/// An architecture with its weights. What there are, and what they take and give: infer/torch_sam.hpp.
struct KnownNetwork {
  std::string architecture;
  net::StateDict weights;
};

/// As load_torch_engine() of a graph.
std::unique_ptr<Engine> load_known_network(const KnownNetwork& network, const Device& device,
                                           int torch_threads);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_KNOWN_NETWORK_HPP_
