// Graphs put together layer by layer, with the values of their parameters.
#ifndef MUSCLEMAP_TESTS_SUPPORT_GRAPH_OF_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_GRAPH_OF_HPP_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "net/graph.hpp"
#include "net/tensor.hpp"

namespace musclemap::test {

struct GraphOf {
  using Map = std::uint32_t;

  explicit GraphOf(int axes) { graph.axes = axes; }

  static net::Layer layer(net::LayerKind kind, std::vector<Map> inputs) {
    net::Layer layer;
    layer.kind = kind;
    layer.name = net::layer_name(kind);
    layer.inputs = std::move(inputs);
    return layer;
  }
  Map add(net::Layer layer) {
    graph.layers.push_back(std::move(layer));
    return static_cast<Map>(graph.layers.size() - 1);
  }
  Map input(int channels) {
    net::Layer input = layer(net::LayerKind::input, {});
    input.name = "x" + std::to_string(graph.inputs.size());
    input.channels = channels;
    const std::string name = input.name;
    graph.inputs.push_back({name, add(std::move(input))});
    return graph.inputs.back().layer;
  }
  void output(Map map) { graph.outputs.push_back({"output " + std::to_string(graph.outputs.size()), map}); }

  std::uint32_t parameter(std::vector<std::int64_t> shape, std::vector<float> values) {
    const std::string name = "p" + std::to_string(graph.parameters.size());
    graph.parameters.push_back({name, shape});
    weights.push_back({name, {std::move(shape), std::move(values)}});
    return static_cast<std::uint32_t>(graph.parameters.size() - 1);
  }
  Map pooled(net::LayerKind kind, Map input, std::vector<net::Taps> taps) {
    net::Layer pool = layer(kind, {input});
    pool.taps = std::move(taps);
    return add(std::move(pool));
  }
  /// A convolution of either kind; without values for it there is no bias.
  Map swept(net::LayerKind kind, Map input, std::vector<net::Taps> taps, std::vector<std::int64_t> shape,
            std::vector<float> weight, std::vector<float> bias, int groups = 1) {
    net::Layer convolution = layer(kind, {input});
    convolution.taps = std::move(taps);
    convolution.groups = groups;
    convolution.parameters = {parameter(std::move(shape), std::move(weight)), net::Layer::kNone};
    const auto channels = static_cast<std::int64_t>(bias.size());
    if (channels > 0) convolution.parameters[1] = parameter({channels}, std::move(bias));
    return add(std::move(convolution));
  }

  net::Graph graph;
  net::StateDict weights;
};

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_GRAPH_OF_HPP_
