#include "net/graph_builder.hpp"

#include <utility>

#include "net/check_graph.hpp"
#include "net/finish_graph.hpp"

namespace musclemap::net {
namespace {

Layer layer_of(LayerKind kind, const std::string& name, std::vector<std::uint32_t> inputs) {
  Layer layer;
  layer.kind = kind;
  layer.name = name;
  layer.inputs = std::move(inputs);
  return layer;
}

}  // namespace

GraphBuilder::GraphBuilder(int axes) { graph_.axes = axes; }

std::vector<Taps> GraphBuilder::every_axis(const Taps& taps) const {
  return std::vector<Taps>(static_cast<std::size_t>(graph_.axes), taps);
}

std::uint32_t GraphBuilder::parameter(const std::string& name, std::vector<std::int64_t> shape) {
  graph_.parameters.push_back({name, std::move(shape)});
  return static_cast<std::uint32_t>(graph_.parameters.size() - 1);
}

GraphBuilder::Map GraphBuilder::add(Layer layer, std::int64_t channels) {
  graph_.layers.push_back(std::move(layer));
  channels_.push_back(channels);
  return static_cast<Map>(graph_.layers.size() - 1);
}

GraphBuilder::Map GraphBuilder::input(const std::string& port, int channels) {
  Layer layer = layer_of(LayerKind::input, port, {});
  layer.channels = channels;
  graph_.inputs.push_back({port, add(std::move(layer), channels)});
  return graph_.inputs.back().layer;
}

void GraphBuilder::output(const std::string& port, Map map) { graph_.outputs.push_back({port, map}); }

GraphBuilder::Map GraphBuilder::convolution(Map input, const std::string& name, int outputs,
                                            const std::vector<Taps>& taps, bool bias) {
  return convolve(LayerKind::convolution, input, name, outputs, {outputs, channels(input)}, taps, bias);
}

GraphBuilder::Map GraphBuilder::transposed_convolution(Map input, const std::string& name, int outputs,
                                                       const std::vector<Taps>& taps, bool bias) {
  return convolve(LayerKind::transposed_convolution, input, name, outputs, {channels(input), outputs}, taps,
                  bias);
}

GraphBuilder::Map GraphBuilder::convolve(LayerKind kind, Map input, const std::string& name, int outputs,
                                         std::vector<std::int64_t> weight, const std::vector<Taps>& taps,
                                         bool bias) {
  Layer layer = layer_of(kind, name, {input});
  layer.taps = taps;
  for (const Taps& each : taps) weight.push_back(each.kernel);
  layer.parameters = {parameter(name + ".weight", std::move(weight)),
                      bias ? parameter(name + ".bias", {outputs}) : Layer::kNone};
  return add(std::move(layer), outputs);
}

GraphBuilder::Map GraphBuilder::norm(LayerKind kind, Map input, const std::string& name, bool affine,
                                     double epsilon) {
  Layer layer = layer_of(kind, name, {input});
  layer.epsilon = epsilon;
  for (const char* each : {".weight", ".bias"}) {
    layer.parameters.push_back(affine ? parameter(name + each, {channels(input)}) : Layer::kNone);
  }
  if (kind == LayerKind::batch_norm) {
    for (const char* each : {".running_mean", ".running_var"}) {
      layer.parameters.push_back(parameter(name + each, {channels(input)}));
    }
    parameter(name + ".num_batches_tracked", {});
  }
  return add(std::move(layer), channels(input));
}

GraphBuilder::Map GraphBuilder::leaky_relu(Map input, const std::string& name, double slope) {
  Layer layer = layer_of(LayerKind::leaky_relu, name, {input});
  layer.slope = slope;
  return add(std::move(layer), channels(input));
}

GraphBuilder::Map GraphBuilder::prelu(Map input, const std::string& name) {
  Layer layer = layer_of(LayerKind::prelu, name, {input});
  layer.parameters = {parameter(name + ".weight", {1})};
  return add(std::move(layer), channels(input));
}

GraphBuilder::Map GraphBuilder::plain(LayerKind kind, Map input, const std::string& name,
                                      const std::vector<Taps>& taps) {
  Layer layer = layer_of(kind, name, {input});
  layer.taps = taps;
  return add(std::move(layer), channels(input));
}

GraphBuilder::Map GraphBuilder::max_pool(Map input, const std::string& name, const std::vector<Taps>& taps) {
  return plain(LayerKind::max_pool, input, name, taps);
}

GraphBuilder::Map GraphBuilder::average_pool(Map input, const std::string& name,
                                             const std::vector<Taps>& taps) {
  return plain(LayerKind::average_pool, input, name, taps);
}

GraphBuilder::Map GraphBuilder::upsampling(Map input, const std::string& name,
                                           const std::vector<Taps>& taps) {
  return plain(LayerKind::upsampling, input, name, taps);
}

GraphBuilder::Map GraphBuilder::global_mean(Map input, const std::string& name) {
  return plain(LayerKind::global_mean, input, name);
}

GraphBuilder::Map GraphBuilder::unit_length(Map vector, const std::string& name) {
  return plain(LayerKind::unit_length, vector, name);
}

GraphBuilder::Map GraphBuilder::linear(Map vector, const std::string& name, int outputs) {
  Layer layer = layer_of(LayerKind::linear, name, {vector});
  layer.parameters = {parameter(name + ".weight", {outputs, channels(vector)}),
                      parameter(name + ".bias", {outputs})};
  return add(std::move(layer), outputs);
}

GraphBuilder::Map GraphBuilder::sum(Map a, Map b, const std::string& name) {
  return add(layer_of(LayerKind::sum, name, {a, b}), channels(a));
}

GraphBuilder::Map GraphBuilder::concatenation(const std::vector<Map>& inputs, const std::string& name) {
  std::int64_t total = 0;
  for (const Map input : inputs) total += channels(input);
  return add(layer_of(LayerKind::concatenation, name, inputs), total);
}

Graph GraphBuilder::finish() {
  check_graph(graph_);
  remove_unused(&graph_);
  return std::move(graph_);
}

}  // namespace musclemap::net
