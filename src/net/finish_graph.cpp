#include "net/finish_graph.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace musclemap::net {
namespace {

constexpr std::int64_t kMany = std::int64_t{1} << 40;  // sums of so many channels do not overflow

/// Channels as far as parameters tell them; 0: they do not.
class Channels {
 public:
  explicit Channels(const Graph& graph) : graph_(graph), of_(graph.layers.size()) {
    for (std::size_t l = 0; l < of_.size(); ++l) of_[l] = given(graph.layers[l]);
    for (std::size_t l = of_.size(); l-- > 0;) hand_down(graph.layers[l], of_[l]);
  }

  std::int64_t of(std::uint32_t layer) const { return of_[layer]; }

 private:
  std::int64_t size(const Layer& layer, std::size_t parameter, std::size_t axis) const {
    if (parameter >= layer.parameters.size() || layer.parameters[parameter] == Layer::kNone) return 0;
    const std::vector<std::int64_t>& shape = graph_.parameters[layer.parameters[parameter]].shape;
    return axis < shape.size() ? std::clamp<std::int64_t>(shape[axis], 0, kMany) : 0;
  }

  std::int64_t given(const Layer& layer) const {
    switch (layer.kind) {
      case LayerKind::input:
        return 0;
      case LayerKind::convolution:
      case LayerKind::linear:
        return size(layer, 0, 0);
      case LayerKind::transposed_convolution:
        return size(layer, 0, 1) * std::max(layer.groups, 0);
      case LayerKind::batch_norm:
        return size(layer, 2, 0);
      case LayerKind::concatenation:
        return sum_of_known(layer).second == 0 ? sum_of_known(layer).first : 0;
      default:
        break;
    }
    std::int64_t channels = 0;
    for (const std::uint32_t input : layer.inputs) channels = std::max(channels, of_[input]);
    return channels;
  }

  /// Channels that are known, and how many inputs have others.
  std::pair<std::int64_t, std::int64_t> sum_of_known(const Layer& layer) const {
    std::pair<std::int64_t, std::int64_t> known;
    for (const std::uint32_t input : layer.inputs) {
      known.first = std::min(kMany, known.first + of_[input]);
      known.second += of_[input] == 0 ? 1 : 0;
    }
    return known;
  }

  void hand_down(const Layer& layer, std::int64_t channels) {
    std::int64_t wanted = channels;
    if (layer.kind == LayerKind::convolution) {
      wanted = size(layer, 0, 1) * std::max(layer.groups, 0);
    } else if (layer.kind == LayerKind::linear) {
      wanted = size(layer, 0, 1);
    } else if (layer.kind == LayerKind::transposed_convolution) {
      wanted = size(layer, 0, 0);
    } else if (layer.kind == LayerKind::concatenation) {
      const auto [known, others] = sum_of_known(layer);
      const std::int64_t rest = channels - known;
      wanted = others > 0 && rest > 0 && rest % others == 0 ? rest / others : 0;
    }
    for (const std::uint32_t input : layer.inputs) {
      if (of_[input] == 0) of_[input] = wanted;
    }
  }

  const Graph& graph_;
  std::vector<std::int64_t> of_;
};

}  // namespace

void remove_unused(Graph* graph) {
  std::vector<bool> used(graph->layers.size());
  for (const Port& port : graph->inputs) used[port.layer] = true;
  for (const Port& port : graph->outputs) used[port.layer] = true;
  for (std::size_t l = used.size(); l-- > 0;) {
    if (!used[l]) continue;
    for (const std::uint32_t input : graph->layers[l].inputs) used[input] = true;
  }
  std::vector<std::uint32_t> place(used.size());
  std::vector<Layer> layers;
  for (std::size_t l = 0; l < used.size(); ++l) {
    place[l] = static_cast<std::uint32_t>(layers.size());
    if (!used[l]) continue;
    layers.push_back(std::move(graph->layers[l]));
    for (std::uint32_t& input : layers.back().inputs) input = place[input];
  }
  graph->layers = std::move(layers);
  for (std::vector<Port>* ports : {&graph->inputs, &graph->outputs}) {
    for (Port& port : *ports) port.layer = place[port.layer];
  }
}

void order_parameters(const std::vector<std::uint32_t>& order, Graph* graph) {
  std::vector<std::uint32_t> place(graph->parameters.size(), Layer::kNone);
  std::vector<Parameter> parameters;
  parameters.reserve(order.size());
  for (const std::uint32_t before : order) {
    place[before] = static_cast<std::uint32_t>(parameters.size());
    parameters.push_back(std::move(graph->parameters[before]));
  }
  graph->parameters = std::move(parameters);
  for (Layer& layer : graph->layers) {
    for (std::uint32_t& parameter : layer.parameters) {
      if (parameter != Layer::kNone) parameter = place[parameter];
    }
  }
}

void find_input_channels(Graph* graph) {
  const Channels channels(*graph);
  for (const Port& port : graph->inputs) graph->layers[port.layer].channels = channels.of(port.layer);
}

}  // namespace musclemap::net
