#include "net/finish_graph.hpp"

#include <vector>

#include "net/check_graph.hpp"
#include "support/catch.hpp"
#include "support/graph_of.hpp"
#include "support/sample_networks.hpp"

namespace musclemap::net {
namespace {

TEST_CASE("finish graph: channels of inputs follow from the parameters behind them", "[net]") {
  for (const test::SampleNetwork& sample : test::sample_networks()) {
    INFO(sample.name);
    Graph graph = sample.network.graph;
    for (const Port& port : graph.inputs) graph.layers[port.layer].channels = 0;
    find_input_channels(&graph);
    for (const Port& port : graph.inputs) {
      CHECK(graph.layers[port.layer].channels == sample.network.graph.layers[port.layer].channels);
    }
  }
}

TEST_CASE("finish graph: what does not tell channels leaves none", "[net]") {
  test::GraphOf plain(2);
  plain.output(plain.add(test::GraphOf::layer(LayerKind::leaky_relu, {plain.input(5)})));
  find_input_channels(&plain.graph);
  CHECK(plain.graph.layers[0].channels == 0);
  test::GraphOf odd(2);
  const auto joined = odd.add(test::GraphOf::layer(LayerKind::concatenation, {odd.input(1), odd.input(2)}));
  odd.output(odd.swept(LayerKind::convolution, joined, {Taps(), Taps()}, {1, 3, 1, 1}, {1, 1, 1}, {}));
  find_input_channels(&odd.graph);
  CHECK(odd.graph.layers[0].channels == 0);
}

TEST_CASE("finish graph: layers that no output needs go, inputs stay", "[net]") {
  test::GraphOf network(2);
  const auto x = network.input(1);
  const auto unused = network.add(test::GraphOf::layer(LayerKind::sigmoid, {x}));
  network.add(test::GraphOf::layer(LayerKind::leaky_relu, {unused}));
  network.input(2);
  network.output(network.add(test::GraphOf::layer(LayerKind::leaky_relu, {x})));
  remove_unused(&network.graph);
  REQUIRE(network.graph.layers.size() == 3);
  CHECK(network.graph.inputs[1].layer == 1);
  CHECK(network.graph.outputs[0].layer == 2);
  CHECK(network.graph.layers[2].inputs == std::vector<std::uint32_t>{0});
  check_graph(network.graph);
}

}  // namespace
}  // namespace musclemap::net
