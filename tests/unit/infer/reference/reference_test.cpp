#include "infer/reference/reference.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

#include "net/check_graph.hpp"
#include "support/catch.hpp"
#include "support/graph_of.hpp"

namespace musclemap::infer {
namespace {

using net::Layer;
using net::LayerKind;
using net::Taps;
using test::GraphOf;
using Sizes = std::vector<std::int64_t>;

DoubleMap map_of(std::int64_t channels, Sizes sizes, std::vector<double> values) {
  DoubleMap map(channels, std::move(sizes));
  REQUIRE(map.values.size() == values.size());
  map.values = std::move(values);
  return map;
}

void check_values(const DoubleMap& map, const std::vector<double>& expected) {
  REQUIRE(map.values.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(map.values[i] == Approx(expected[i]).margin(1e-12));
}

std::vector<DoubleMap> run(const GraphOf& network, const std::vector<DoubleMap>& inputs) {
  return run_reference(network.graph, network.weights, inputs, 1);
}

/// 3 x 3.
const std::vector<double> kCounted = {1, 2, 3, 4, 5, 6, 7, 8, 9};

TEST_CASE("reference: convolutions of any stride, padding, dilation and group", "[infer]") {
  GraphOf plain(2);
  const auto x = plain.input(1);
  plain.output(plain.swept(LayerKind::convolution, x, {{2, 1, 0, 1, 0}, {2, 1, 0, 1, 0}}, {1, 1, 2, 2},
                           {1, 10, 100, 1000}, {0.5F}));
  check_values(run(plain, {map_of(1, {3, 3}, kCounted)})[0], {5421.5, 6532.5, 8754.5, 9865.5});

  GraphOf wide(2);
  const auto y = wide.input(1);
  wide.output(
      wide.swept(LayerKind::convolution, y, {{2, 2, 1, 2, 0}, {1, 1, 0, 1, 0}}, {1, 1, 2, 1}, {1, 10}, {}));
  // Rows -1 and 1, then 1 and 3: 3 lies outside.
  check_values(run(wide, {map_of(1, {3, 3}, kCounted)})[0], {40, 50, 60, 4, 5, 6});

  GraphOf grouped(2);
  const auto z = grouped.input(2);
  grouped.output(grouped.swept(LayerKind::convolution, z, {Taps(), Taps()}, {2, 1, 1, 1}, {2, 3}, {}, 2));
  check_values(run(grouped, {map_of(2, {1, 2}, {1, 2, 3, 4})})[0], {2, 4, 9, 12});
}

TEST_CASE("reference: transposed convolutions spread each value", "[infer]") {
  GraphOf network(2);
  const auto x = network.input(1);
  network.output(network.swept(LayerKind::transposed_convolution, x, {{1, 1, 0, 1, 0}, {2, 2, 0, 1, 1}},
                               {1, 2, 1, 2}, {1, 10, 2, 20}, {0, 0.5F}));
  const DoubleMap result = run(network, {map_of(1, {1, 2}, {3, 4})})[0];
  CHECK(result.sizes == Sizes{1, 5});
  check_values(result, {3, 30, 4, 40, 0, 6.5, 60.5, 8.5, 80.5, 0.5});
}

TEST_CASE("reference: a kernel in space", "[infer]") {
  GraphOf network(3);
  const auto x = network.input(1);
  network.output(network.swept(LayerKind::convolution, x, {{2, 1, 0, 1, 0}, Taps(), Taps()}, {1, 1, 2, 1, 1},
                               {1, 10}, {}));
  check_values(run(network, {map_of(1, {3, 1, 2}, {1, 2, 3, 4, 5, 6})})[0], {31, 42, 53, 64});
}

TEST_CASE("reference: pooling and upsampling", "[infer]") {
  const std::vector<double> values = {1, -2, 3, 4, -5, 6, 7, 8, -9};
  const std::vector<Taps> two = {{2, 1, 0, 1, 0}, {2, 1, 0, 1, 0}};
  GraphOf most(2);
  most.output(most.pooled(LayerKind::max_pool, most.input(1), two));
  check_values(run(most, {map_of(1, {3, 3}, values)})[0], {4, 6, 8, 8});
  GraphOf padded(2);
  padded.output(padded.pooled(LayerKind::max_pool, padded.input(1), {{3, 2, 1, 1, 0}, {3, 2, 1, 1, 0}}));
  check_values(run(padded, {map_of(1, {2, 2}, {-4, -3, -2, -1})})[0], {-1});
  GraphOf mean(2);
  mean.output(mean.pooled(LayerKind::average_pool, mean.input(1), two));
  check_values(run(mean, {map_of(1, {3, 3}, values)})[0], {-0.5, 0.5, 3.5, 0});
  GraphOf twice(2);
  twice.output(twice.pooled(LayerKind::upsampling, twice.input(1), {{1, 2, 0, 1, 0}, {1, 3, 0, 1, 0}}));
  check_values(run(twice, {map_of(1, {1, 2}, {1, 2})})[0], {1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2});
}

TEST_CASE("reference: norms, slopes and sigmoid", "[infer]") {
  GraphOf measured(2);
  Layer norm = measured.layer(LayerKind::instance_norm, {measured.input(1)});
  norm.epsilon = 0.25;
  norm.parameters = {measured.parameter({1}, {3}), measured.parameter({1}, {1})};
  measured.output(measured.add(norm));
  // Mean 1, variance 2: over the root of 2.25.
  const double by = 3 / 1.5;
  check_values(run(measured, {map_of(1, {2, 2}, {1, 3, -1, 1})})[0], {1, 1 + 2 * by, 1 - 2 * by, 1});

  GraphOf stored(2);
  Layer batch = stored.layer(LayerKind::batch_norm, {stored.input(2)});
  batch.epsilon = 0;
  batch.parameters = {Layer::kNone, Layer::kNone, stored.parameter({2}, {1, 2}),
                      stored.parameter({2}, {4, 16})};
  stored.output(stored.add(batch));
  check_values(run(stored, {map_of(2, {1, 2}, {1, 3, 6, -2})})[0], {0, 1, 1, -1});

  GraphOf slopes(2);
  Layer prelu = slopes.layer(LayerKind::prelu, {slopes.input(2)});
  prelu.parameters = {slopes.parameter({2}, {0.5, 0.25})};
  const auto bent = slopes.add(prelu);
  Layer leaky = slopes.layer(LayerKind::leaky_relu, {bent});
  leaky.slope = 2;
  slopes.output(slopes.add(leaky));
  check_values(run(slopes, {map_of(2, {1, 2}, {-4, 4, -4, 3})})[0], {-4, 4, -2, 3});

  GraphOf squashed(2);
  squashed.output(squashed.add(squashed.layer(LayerKind::sigmoid, {squashed.input(1)})));
  check_values(run(squashed, {map_of(1, {1, 2}, {0, std::log(3)})})[0], {0.5, 0.75});
}

TEST_CASE("reference: two inputs, a mean over space, a vector of style and a linear layer", "[infer]") {
  GraphOf network(2);
  const auto image = network.input(2);
  const auto other = network.input(1);
  const auto mean = network.add(network.layer(LayerKind::global_mean, {image}));
  const auto style = network.add(network.layer(LayerKind::unit_length, {mean}));
  Layer linear = network.layer(LayerKind::linear, {style});
  linear.parameters = {network.parameter({3, 2}, {1, 0, 0, 1, 10, 5}), network.parameter({3}, {0, 0, 1})};
  const auto wide = network.add(linear);
  const auto joined = network.add(network.layer(LayerKind::concatenation, {image, other}));
  network.output(network.add(network.layer(LayerKind::sum, {joined, wide})));
  network.output(style);
  const auto outputs = run(network, {map_of(2, {1, 2}, {2, 4, 3, 5}), map_of(1, {1, 2}, {7, 8})});
  CHECK(outputs[1].sizes.empty());
  check_values(outputs[1], {0.6, 0.8});
  check_values(outputs[0], {2.6, 4.6, 3.8, 5.8, 18, 19});
  CHECK(net::layer_shapes(network.graph, {4, 6})[network.graph.outputs[1].layer].is_vector());
}

TEST_CASE("reference: progress counts layers with products, and ends what it ends", "[infer]") {
  GraphOf network(2);
  auto x = network.input(1);
  for (int i = 0; i < 3; ++i) {
    x = network.swept(LayerKind::convolution, x, {Taps(), Taps()}, {1, 1, 1, 1}, {2}, {});
    x = network.add(network.layer(LayerKind::leaky_relu, {x}));
  }
  network.output(x);
  std::vector<int> told;
  const auto tell = [&](int done, int layers) {
    told.push_back(done);
    CHECK(layers == 3);
    if (done == 1) throw std::runtime_error("enough");
  };
  CHECK_THROWS_AS(run_reference(network.graph, network.weights, {map_of(1, {1, 1}, {1})}, 1, tell),
                  std::runtime_error);
  CHECK(told == std::vector<int>{0, 1});
}

}  // namespace
}  // namespace musclemap::infer
