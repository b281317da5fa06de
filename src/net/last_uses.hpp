// Which maps of a graph are needed no more after a layer.
#ifndef MUSCLEMAP_NET_LAST_USES_HPP_
#define MUSCLEMAP_NET_LAST_USES_HPP_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "net/graph.hpp"

namespace musclemap::net {

/// Maps of the output ports are needed to the end.
class LastUses {
 public:
  explicit LastUses(const Graph& graph) : after_(graph.layers.size()) {
    std::vector<bool> needed(graph.layers.size());
    for (const Port& port : graph.outputs) needed[port.layer] = true;
    for (std::size_t l = graph.layers.size(); l-- > 0;) {
      const auto layer = static_cast<std::uint32_t>(l);
      if (!needed[layer]) after_[layer].push_back(layer);
      for (const std::uint32_t input : graph.layers[layer].inputs) {
        if (!needed[input]) after_[layer].push_back(input);
        needed[input] = true;
      }
    }
  }

  /// Layers whose maps no later layer takes, among them the layer itself where nothing takes its map.
  const std::vector<std::uint32_t>& after(std::size_t layer) const { return after_[layer]; }

 private:
  std::vector<std::vector<std::uint32_t>> after_;
};

}  // namespace musclemap::net

#endif  // MUSCLEMAP_NET_LAST_USES_HPP_
