// A network as an engine module takes it.
#ifndef MUSCLEMAP_INFER_MODULE_NETWORK_HPP_
#define MUSCLEMAP_INFER_MODULE_NETWORK_HPP_

#include <vector>

#include "infer/engine_module.h"
#include "infer/known_network.hpp"
#include "infer/network.hpp"

namespace musclemap::infer {

/// The program where there is one, else the graph; or weights of a known architecture. Borrows from the
/// network, which outlives it.
class ModuleNetwork {
 public:
  ModuleNetwork(const Network& network, bool half);
  explicit ModuleNetwork(const KnownNetwork& network);
  ModuleNetwork(const ModuleNetwork&) = delete;
  ModuleNetwork& operator=(const ModuleNetwork&) = delete;

  const musclemap_engine_network* get() const { return &described_; }

 private:
  void take_tensors(const net::StateDict& weights);

  std::vector<std::vector<musclemap_engine_taps>> taps_;  // one a layer
  std::vector<musclemap_engine_layer> layers_;
  std::vector<musclemap_engine_tensor> tensors_;
  std::vector<musclemap_engine_port> inputs_;
  std::vector<musclemap_engine_port> outputs_;
  musclemap_engine_network described_{};
};

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_MODULE_NETWORK_HPP_
