#include "infer/module_network.hpp"

#include <cstdint>

namespace musclemap::infer {
namespace {

static_assert(static_cast<int>(net::LayerKind::convolution) == MUSCLEMAP_LAYER_CONVOLUTION);
static_assert(static_cast<int>(net::LayerKind::linear) == MUSCLEMAP_LAYER_LINEAR);
static_assert(static_cast<int>(net::LayerKind::prelu) == MUSCLEMAP_LAYER_PRELU);
static_assert(static_cast<int>(net::LayerKind::concatenation) == MUSCLEMAP_LAYER_CONCATENATION);
static_assert(static_cast<int>(net::LayerKind::unit_length) == MUSCLEMAP_LAYER_UNIT_LENGTH);
static_assert(net::Layer::kNone == MUSCLEMAP_ENGINE_NO_TENSOR);

std::vector<musclemap_engine_port> ports_of(const std::vector<net::Port>& ports) {
  std::vector<musclemap_engine_port> result;
  result.reserve(ports.size());
  for (const net::Port& port : ports) result.push_back({port.name.c_str(), port.layer});
  return result;
}

}  // namespace

ModuleNetwork::ModuleNetwork(const Network& network, bool half)
    : inputs_(ports_of(network.graph.inputs)), outputs_(ports_of(network.graph.outputs)) {
  take_tensors(network.weights);
  for (const net::Layer& layer : network.graph.layers) {
    std::vector<musclemap_engine_taps> taps;
    for (const net::Taps& each : layer.taps) {
      taps.push_back({each.kernel, each.stride, each.padding, each.dilation, each.output_padding});
    }
    taps_.push_back(std::move(taps));
    layers_.push_back({static_cast<std::int32_t>(layer.kind), layer.groups, layer.epsilon, layer.slope,
                       layer.inputs.data(), layer.inputs.size(), layer.parameters.data(),
                       layer.parameters.size(), taps_.back().data(), taps_.back().size()});
  }
  if (!network.torchscript.empty()) {
    described_.torchscript = network.torchscript.data();
    described_.torchscript_bytes = network.torchscript.size();
  }
  described_.layers = layers_.data();
  described_.layer_count = layers_.size();
  described_.inputs = inputs_.data();
  described_.input_count = inputs_.size();
  described_.outputs = outputs_.data();
  described_.output_count = outputs_.size();
  described_.half = half ? 1 : 0;
}

ModuleNetwork::ModuleNetwork(const KnownNetwork& network) {
  take_tensors(network.weights);
  described_.architecture = network.architecture.c_str();
}

void ModuleNetwork::take_tensors(const net::StateDict& weights) {
  for (const net::NamedTensor& named : weights) {
    tensors_.push_back({named.name.c_str(), named.tensor.shape.data(),
                        static_cast<std::int32_t>(named.tensor.shape.size()), named.tensor.values.data()});
  }
  described_.tensors = tensors_.data();
  described_.tensor_count = tensors_.size();
}

}  // namespace musclemap::infer
