// Graphs of all kinds of layers through the native engine, against double precision.
#include "infer/native/compile.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "infer/native/executor.hpp"
#include "infer/native/head_rows.hpp"
#include "infer/native/native_engine.hpp"
#include "infer/native/spot_check.hpp"
#include "infer/reference/reference.hpp"
#include "infer/window_inferer.hpp"
#include "musclemap/error.hpp"
#include "net/arch/nnunet_plain.hpp"
#include "net/check_graph.hpp"
#include "support/catch.hpp"
#include "support/graph_of.hpp"
#include "support/random_network.hpp"

namespace musclemap::infer::native {
namespace {

using net::LayerKind;
using Node = test::GraphOf::Map;

net::Taps taps_of(int kernel, int stride, int padding, int output_padding = 0) {
  return {kernel, stride, padding, 1, output_padding};
}

/// A graph with random weights of the size that training starts from.
class RandomGraph : public test::GraphOf {
 public:
  /// With three axes, planes are swept as columns are.
  explicit RandomGraph(unsigned seed, int axes = 2) : test::GraphOf(axes), random_(seed) {}

  int pick(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random_); }

  std::int64_t channels(Node map) const {
    const net::Layer& layer = graph.layers[map];
    if (layer.kind == LayerKind::input) return layer.channels;
    if (layer.kind == LayerKind::concatenation) {
      std::int64_t sum = 0;
      for (const Node input : layer.inputs) sum += channels(input);
      return sum;
    }
    const bool products = layer.kind == LayerKind::convolution || layer.kind == LayerKind::linear;
    if (products) return graph.parameters[layer.parameters[0]].shape[0];
    if (layer.kind == LayerKind::transposed_convolution)
      return graph.parameters[layer.parameters[0]].shape[1];
    return channels(layer.inputs[0]);
  }

  Node convolution(Node from, int outputs, net::Taps rows, net::Taps columns, bool bias = true) {
    const std::vector<net::Taps> taps = every_axis(rows, columns);
    const std::int64_t count = channels(from) * taps_in(taps);
    return swept(LayerKind::convolution, from, taps, kernel_shape(outputs, channels(from), taps),
                 values(outputs * count, 1 / std::sqrt(static_cast<double>(count))),
                 bias ? values(outputs, 0.1) : std::vector<float>{});
  }
  Node convolution(Node from, int outputs, const net::Taps& taps) {
    return convolution(from, outputs, taps, taps);
  }
  Node transposed(Node from, int outputs, net::Taps rows, net::Taps columns) {
    const std::vector<net::Taps> taps = every_axis(rows, columns);
    return swept(
        LayerKind::transposed_convolution, from, taps, kernel_shape(channels(from), outputs, taps),
        values(outputs * channels(from) * taps_in(taps), 1 / std::sqrt(static_cast<double>(channels(from)))),
        values(outputs, 0.1));
  }
  Node linear(Node from, int outputs) {
    net::Layer result = layer(LayerKind::linear, {from});
    result.parameters = {parameter({outputs, channels(from)}, values(outputs * channels(from), 0.3)),
                         parameter({outputs}, values(outputs, 0.1))};
    return add(std::move(result));
  }
  Node instance_norm(Node from, bool affine) {
    net::Layer norm = layer(LayerKind::instance_norm, {from});
    norm.parameters = {net::Layer::kNone, net::Layer::kNone};
    if (affine) norm.parameters = {of_channels(from, true), of_channels(from, false)};
    return add(std::move(norm));
  }
  Node batch_norm(Node from) {
    net::Layer norm = layer(LayerKind::batch_norm, {from});
    norm.epsilon = 1e-3;
    norm.parameters = {of_channels(from, true), of_channels(from, false), of_channels(from, false),
                       of_channels(from, true)};
    return add(std::move(norm));
  }
  Node relu(Node from, double slope = 0) {
    net::Layer activation = layer(LayerKind::leaky_relu, {from});
    activation.slope = slope;
    return add(std::move(activation));
  }
  Node prelu(Node from) {
    net::Layer activation = layer(LayerKind::prelu, {from});
    activation.parameters = {of_channels(from, true)};
    return add(std::move(activation));
  }
  Node other(LayerKind kind, std::vector<Node> inputs) { return add(layer(kind, std::move(inputs))); }
  Node upsampled(Node from, int rows, int columns) {
    return pooled(LayerKind::upsampling, from, every_axis(taps_of(1, rows, 0), taps_of(1, columns, 0)));
  }
  std::vector<net::Taps> every_axis(const net::Taps& rows, const net::Taps& columns) const {
    if (graph.axes == 3) return {columns, rows, columns};
    return {rows, columns};
  }
  Node unit(Node from, int outputs, int stride = 1) {
    return relu(instance_norm(convolution(from, outputs, taps_of(3, stride, 1)), false), 0.01);
  }

 private:
  static std::int64_t taps_in(const std::vector<net::Taps>& taps) {
    std::int64_t count = 1;
    for (const net::Taps& along : taps) count *= along.kernel;
    return count;
  }
  static std::vector<std::int64_t> kernel_shape(std::int64_t first, std::int64_t second,
                                                const std::vector<net::Taps>& taps) {
    std::vector<std::int64_t> shape = {first, second};
    for (const net::Taps& along : taps) shape.push_back(along.kernel);
    return shape;
  }
  std::vector<float> values(std::int64_t count, double bound, double middle = 0) {
    std::uniform_real_distribution<float> uniform(static_cast<float>(middle - bound),
                                                  static_cast<float>(middle + bound));
    std::vector<float> result;
    for (std::int64_t i = 0; i < count; ++i) result.push_back(uniform(random_));
    return result;
  }
  std::uint32_t of_channels(Node map, bool positive) {
    return parameter({channels(map)}, values(channels(map), 0.3, positive ? 0.6 : 0));
  }

  std::mt19937 random_;
};

std::vector<DoubleMap> noise_for(const net::Graph& graph, const std::vector<std::int64_t>& sizes) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  std::vector<DoubleMap> inputs;
  for (const net::Port& port : graph.inputs) {
    inputs.emplace_back(graph.layers[port.layer].channels, sizes);
    for (double& value : inputs.back().values) value = static_cast<double>(normal(random));
  }
  return inputs;
}

std::vector<std::vector<float>> run_native(const Program& program, base::Isa isa, int threads,
                                           const std::vector<DoubleMap>& inputs, int times = 1) {
  base::WorkerPool pool(threads);
  Executor executor(program, kernels_for(isa), pool, inputs[0].sizes, HeadPlace::inside);
  std::vector<std::vector<float>> images;
  std::vector<const float*> pointers;
  for (const DoubleMap& input : inputs) images.emplace_back(input.values.begin(), input.values.end());
  for (const std::vector<float>& image : images) pointers.push_back(image.data());
  for (int time = 0; time < times; ++time) executor.run(pointers);
  std::vector<std::vector<float>> outputs;
  for (std::size_t port = 0; port < program.outputs.size(); ++port) {
    const net::LayerShape& shape = executor.output_shape(port);
    outputs.emplace_back(DoubleMap(shape.channels, shape.sizes).values.size());
    executor.write_output(port, outputs.back().data());
  }
  return outputs;
}

/// Every output on every instruction set, within 2e-5 of its largest value; the same bits for more threads
/// and for a second window.
void check(const RandomGraph& network, std::int64_t rows, std::int64_t columns, std::int64_t planes = 6) {
  net::check_graph(network.graph);
  REQUIRE(why_not_native(network.graph).empty());
  const Program program = compile(network.graph, network.weights, 2);
  const std::vector<DoubleMap> inputs =
      noise_for(network.graph, network.graph.axes == 3 ? std::vector<std::int64_t>{planes, rows, columns}
                                                       : std::vector<std::int64_t>{rows, columns});
  const std::vector<DoubleMap> expected = run_reference(network.graph, network.weights, inputs, 1);
  for (const base::Isa isa : base::isas_here()) {
    const std::vector<std::vector<float>> outputs = run_native(program, isa, 1, inputs);
    for (std::size_t port = 0; port < outputs.size(); ++port) {
      double largest = 0;
      double difference = 0;
      for (std::size_t i = 0; i < outputs[port].size(); ++i) {
        const double value = expected[port].values[i];
        largest = std::max(largest, std::abs(value));
        const double here = std::abs(static_cast<double>(outputs[port][i]) - value);
        if (!(here <= difference)) difference = here;
      }
      INFO(base::isa_name(isa) << ", output " << port << ": " << difference << " of " << largest);
      CHECK(difference <= 2e-5 * largest);
    }
    CHECK(run_native(program, isa, 2, inputs, 2) == outputs);
    if (network.graph.axes == 3) CHECK(run_native(program, isa, 8, inputs) == outputs);
  }
}

/// Each of them for networks of two and of three axes.
template <class Kernel>
std::vector<std::pair<Kernel, int>> for_all_axes(const std::vector<Kernel>& kernels) {
  std::vector<std::pair<Kernel, int>> result;
  for (const int axes : {2, 3}) {
    for (const Kernel& kernel : kernels) result.emplace_back(kernel, axes);
  }
  return result;
}

TEST_CASE("native compile: convolutions of every kernel and stride, on odd sizes", "[infer]") {
  const std::vector<std::pair<net::Taps, net::Taps>> all = {
      {taps_of(3, 1, 1), taps_of(3, 1, 1)}, {taps_of(3, 2, 1), taps_of(3, 2, 1)},
      {taps_of(1, 1, 0), taps_of(1, 1, 0)}, {taps_of(7, 4, 3), taps_of(7, 4, 3)},
      {taps_of(1, 1, 0), taps_of(5, 1, 2)}, {taps_of(2, 2, 0), taps_of(3, 1, 0)},
      {taps_of(3, 1, 0), taps_of(3, 1, 2)}, {taps_of(1, 2, 0), taps_of(1, 2, 0)}};
  for (const auto& [kernel, axes] : for_all_axes(all)) {
    const auto& [rows, columns] = kernel;
    RandomGraph network(1, axes);
    const Node image = network.input(3);
    const Node of_image = network.relu(network.convolution(image, 19, rows, columns));
    network.output(network.relu(network.convolution(of_image, 33, rows, columns, false), 0.2));
    network.output(network.convolution(network.instance_norm(of_image, true), 5, columns, rows));
    check(network, axes == 3 ? 21 : 37, axes == 3 ? 26 : 41, 15);
  }
}

TEST_CASE("native compile: transposed convolutions of every kernel and stride", "[infer]") {
  const std::vector<std::pair<net::Taps, net::Taps>> all = {{taps_of(3, 2, 1, 1), taps_of(3, 2, 1, 1)},
                                                            {taps_of(3, 2, 1, 0), taps_of(3, 2, 1, 1)},
                                                            {taps_of(2, 2, 0), taps_of(2, 2, 0)},
                                                            {taps_of(4, 2, 1), taps_of(3, 1, 1)},
                                                            {taps_of(5, 3, 0, 2), taps_of(4, 4, 1)}};
  for (const auto& [kernel, axes] : for_all_axes(all)) {
    const auto& [rows, columns] = kernel;
    RandomGraph network(2, axes);
    const Node wide = network.unit(network.input(1), 20);
    const Node up = network.transposed(wide, 24, rows, columns);
    network.output(network.relu(network.instance_norm(up, false), 0.1));
    network.output(network.transposed(up, 7, rows, columns));
    check(network, 9, 11);
    check(network, 14, 6);
  }
}

TEST_CASE("native spot check: finds a weight that is another one", "[infer]") {
  const int axes = GENERATE(2, 3);
  RandomGraph network(14, axes);
  const std::vector<net::Taps> halves = network.every_axis(taps_of(2, 2, 0), taps_of(2, 2, 0));
  const Node image = network.input(2);
  const Node top = network.unit(network.unit(image, 20), 20);
  const Node wide = network.convolution(top, 24, taps_of(1, 1, 0));
  const Node bottom = network.unit(network.unit(top, 40, 2), 40);
  const Node up = network.transposed(bottom, 20, halves[0], halves[1]);
  const Node joined = network.other(LayerKind::concatenation, {up, top, wide});
  network.output(network.convolution(network.unit(joined, 20), 6, taps_of(1, 1, 0)));
  const Program program = compile(network.graph, network.weights, 2);
  const std::vector<DoubleMap> inputs =
      noise_for(network.graph, std::vector<std::int64_t>(static_cast<std::size_t>(axes), 12));
  const std::vector<float> window(inputs[0].values.begin(), inputs[0].values.end());
  for (const base::Isa isa : base::isas_here()) {
    base::WorkerPool pool(2);
    Executor executor(program, kernels_for(isa), pool, inputs[0].sizes, HeadPlace::inside);
    int layers = 0;
    const auto count = [&](int done, int all) { layers = all - done; };
    CHECK(spot_check(&executor, program, network.weights, {window.data()}, false, 2, count).empty());
    CHECK(layers == 1);  // the last one was met
    for (std::size_t p = 0; p < network.weights.size(); ++p) {
      net::StateDict others = network.weights;
      others[p].tensor.values.back() += 0.5F;
      // A bias that a norm takes away may be anything.
      const bool counts = others[p].tensor.shape.size() > 1 || p + 1 == network.weights.size();
      const std::string found = spot_check(&executor, program, others, {window.data()}, false, 2);
      INFO(others[p].name << ": " << found);
      if (counts) CHECK(found.find("differs from double precision by ") != std::string::npos);
    }
  }
}

TEST_CASE("native compile: the plain U-Net of another author", "[infer]") {
  const int axes = GENERATE(2, 3);
  RandomGraph network(3, axes);
  const auto twice = [&](Node from, int outputs) {
    for (int i = 0; i < 2; ++i)
      from = network.relu(network.batch_norm(network.convolution(from, outputs, taps_of(3, 1, 1))));
    return from;
  };
  const std::vector<net::Taps> halves = network.every_axis(taps_of(2, 2, 0), taps_of(2, 2, 0));
  const Node top = twice(network.input(1), 12);
  const Node middle = twice(network.pooled(LayerKind::max_pool, top, halves), 24);
  const Node bottom = twice(network.pooled(LayerKind::max_pool, middle, halves), 40);
  const Node up = network.transposed(bottom, 24, halves[0], halves[1]);
  const Node joined = twice(network.other(LayerKind::concatenation, {up, middle}), 24);
  const Node last = network.transposed(joined, 12, halves[0], halves[1]);
  const Node full = twice(network.other(LayerKind::concatenation, {last, top}), 12);
  network.output(network.convolution(full, 6, taps_of(1, 1, 0)));
  check(network, 36, 20, 8);
  CHECK(compile(network.graph, network.weights, 1).head);
}

TEST_CASE("native compile: large maps behind small ones, which use the same scratch memory", "[infer]") {
  RandomGraph network(15, 3);
  const std::vector<net::Taps> halves(3, taps_of(2, 2, 0));
  const Node top = network.unit(network.unit(network.input(1), 8), 8);
  const Node bottom = network.unit(network.unit(top, 24, 2), 24);
  const Node up = network.transposed(bottom, 8, halves[0], halves[1]);
  const Node joined = network.other(LayerKind::concatenation, {up, top});
  network.output(network.convolution(network.unit(joined, 8), 3, taps_of(1, 1, 0)));
  check(network, 40, 44, 10);  // 110 tiles a plane go by columns, 30 by frequencies
}

TEST_CASE("native compile: residual blocks without skip connections", "[infer]") {
  const int axes = GENERATE(2, 3);
  RandomGraph network(4, axes);
  Node map = network.unit(network.input(2), 18);
  for (const int stride : {1, 2, 1}) {
    const Node main = network.convolution(network.unit(map, 18, stride), 18, taps_of(3, 1, 1));
    const Node shortcut = stride == 1 ? map : network.convolution(map, 18, taps_of(1, stride, 0));
    map = network.prelu(network.other(LayerKind::sum, {network.instance_norm(main, true), shortcut}));
  }
  // Its own input is added to a convolution, from either side.
  map = network.other(LayerKind::sum, {map, network.convolution(map, 18, taps_of(3, 1, 1))});
  network.output(network.other(LayerKind::sum, {network.convolution(map, 18, taps_of(1, 1, 0)), map}));
  check(network, 21, 26);
}

TEST_CASE("native compile: several inputs and outputs, channels joined in every way", "[infer]") {
  RandomGraph network(5);
  const Node a = network.input(3);
  const Node b = network.input(17);
  const Node left = network.unit(a, 5);
  const Node right = network.unit(b, 21);
  const Node joined = network.other(LayerKind::concatenation, {left, right, a, b, left});
  const Node again = network.other(LayerKind::concatenation, {joined, right});
  const Node narrow = network.convolution(again, 26, taps_of(3, 1, 1));
  // Channels that fill blocks otherwise: 5 and 21 against 26.
  const Node sum =
      network.other(LayerKind::sum, {network.other(LayerKind::concatenation, {left, right}), narrow});
  network.output(network.relu(network.batch_norm(joined)));
  network.output(network.other(LayerKind::sigmoid, {sum}));
  network.output(sum);
  network.output(a);
  check(network, 13, 18);
}

TEST_CASE("native compile: pooling and nearest upsampling", "[infer]") {
  const int axes = GENERATE(2, 3);
  RandomGraph network(6, axes);
  const Node image = network.input(2);
  const Node wide = network.unit(image, 20);
  const Node most =
      network.pooled(LayerKind::max_pool, wide, network.every_axis(taps_of(3, 2, 1), taps_of(2, 2, 0)));
  const Node mean = network.pooled(LayerKind::average_pool, network.relu(most),
                                   network.every_axis(taps_of(2, 1, 0), taps_of(3, 3, 0)));
  network.output(network.upsampled(network.convolution(mean, 9, taps_of(3, 1, 1)), 3, 2));
  network.output(network.upsampled(
      network.pooled(LayerKind::max_pool, image, network.every_axis(taps_of(2, 2, 0), taps_of(2, 2, 0))), 1,
      4));
  check(network, 23, 30, 14);
}

TEST_CASE("native compile: the style vector of CPnet", "[infer]") {
  RandomGraph network(7);
  // Norm and activation stand before the convolution there.
  const auto convolved = [&](Node from, int outputs) {
    return network.convolution(network.relu(network.batch_norm(from)), outputs, taps_of(3, 1, 1));
  };
  const Node first = convolved(network.input(2), 18);
  const Node down =
      convolved(network.pooled(LayerKind::max_pool, first, {taps_of(2, 2, 0), taps_of(2, 2, 0)}), 34);
  const Node style = network.other(LayerKind::unit_length, {network.other(LayerKind::global_mean, {down})});
  const Node up = network.convolution(network.upsampled(down, 2, 2), 18, taps_of(1, 1, 0));
  const Node both = network.other(LayerKind::sum, {up, first});
  const Node styled = network.other(LayerKind::sum, {both, network.linear(style, 18)});
  const Node other_side =
      network.other(LayerKind::sum, {network.linear(network.relu(style), 18), network.relu(both)});
  network.output(network.other(LayerKind::sum, {convolved(styled, 18), convolved(other_side, 18)}));
  network.output(style);
  check(network, 16, 22);
}

int count_of(const Program& program, OperationKind kind) {
  return static_cast<int>(
      std::count_if(program.operations.begin(), program.operations.end(),
                    [kind](const Operation& operation) { return operation.kind == kind; }));
}

TEST_CASE("native compile: sums and nearest upsampling in the convolutions beside them", "[infer]") {
  const auto convolved = [](RandomGraph& network, Node from, int outputs, int kernel) {
    return network.convolution(network.relu(network.batch_norm(from)), outputs,
                               taps_of(kernel, 1, kernel / 2));
  };
  // As CPnet climbs: the sizes of three levels, of which none fills its tiles.
  RandomGraph network(8);
  const Node top = convolved(network, network.input(2), 18, 3);
  const auto pooled = [&](Node from) {
    return network.pooled(LayerKind::max_pool, from, {taps_of(2, 2, 0), taps_of(2, 2, 0)});
  };
  const Node middle = convolved(network, pooled(top), 34, 3);
  Node map = convolved(network, pooled(middle), 70, 3);
  for (const Node skip : {middle, top}) {
    const int width = static_cast<int>(network.channels(skip));
    const Node up = network.upsampled(map, 2, 2);
    const Node main = network.other(LayerKind::sum, {convolved(network, up, width, 3), skip});
    const Node side = network.convolution(network.batch_norm(up), width, taps_of(1, 1, 0));
    map = network.other(LayerKind::sum, {side, convolved(network, main, width, 3)});
    map = network.other(LayerKind::sum, {convolved(network, map, width, 3), map});
  }
  network.output(convolved(network, map, 3, 1));
  network.output(map);
  const Program program = compile(network.graph, network.weights, 1);
  CHECK(count_of(program, OperationKind::combine) == 0);
  CHECK(count_of(program, OperationKind::repeat) == 0);
  check(network, 28, 44);
}

TEST_CASE("native compile: upsampled maps that others read as well", "[infer]") {
  const int axes = GENERATE(2, 3);
  RandomGraph network(9, axes);
  const Node small = network.unit(network.input(2), 20);
  const Node up = network.upsampled(small, 3, 2);
  const Node twice = network.upsampled(up, 1, 2);
  const Node point = network.convolution(network.relu(up), 20, taps_of(1, 1, 0));
  const Node joined = network.other(LayerKind::concatenation, {point, network.batch_norm(up)});
  const Node main = network.convolution(network.relu(up), 20, taps_of(3, 1, 1));
  const Node sum = network.other(LayerKind::sum, {main, network.relu(up)});
  network.output(network.convolution(joined, 5, taps_of(3, 1, 1)));
  network.output(network.instance_norm(sum, true));
  network.output(network.convolution(twice, 7, taps_of(3, 1, 1)));
  network.output(network.convolution(twice, 17, taps_of(5, 1, 2)));
  network.output(network.instance_norm(up, true));
  network.output(twice);
  check(network, 11, 13, 5);
}

/// Layers by chance, each on a map that is there.
RandomGraph random_graph(unsigned seed, int axes) {
  RandomGraph network(seed, axes);
  struct Sized {
    Node map;
    int scale;  // that the input was divided by
  };
  std::vector<Sized> maps = {{network.input(network.pick(1, 20)), 1}};
  if (network.pick(0, 2) == 0) maps.push_back({network.input(network.pick(1, 4)), 1});
  const auto any = [&] {
    return maps[static_cast<std::size_t>(network.pick(0, static_cast<int>(maps.size()) - 1))];
  };
  for (int i = 0; i < 14; ++i) {
    const Sized from = any();
    const Sized other = any();
    const bool same_channels = network.channels(from.map) == network.channels(other.map);
    switch (network.pick(0, 10)) {
      case 0:
        maps.push_back({network.convolution(from.map, network.pick(1, 40), taps_of(3, 1, 1)), from.scale});
        break;
      case 1:
        if (from.scale < 4) maps.push_back({network.unit(from.map, network.pick(1, 40), 2), 2 * from.scale});
        break;
      case 2:
        if (from.scale == 1) break;
        maps.push_back(
            {network.transposed(from.map, network.pick(1, 40), taps_of(3, 2, 1, 1), taps_of(3, 2, 1, 1)),
             from.scale / 2});
        break;
      case 3:
        if (from.scale > 1) maps.push_back({network.upsampled(from.map, 2, 2), from.scale / 2});
        break;
      case 4:
        if (from.scale == 4) break;
        maps.push_back({network.pooled(LayerKind::max_pool, from.map,
                                       network.every_axis(taps_of(3, 2, 1), taps_of(2, 2, 0))),
                        2 * from.scale});
        break;
      case 5:
        maps.push_back({network.instance_norm(from.map, network.pick(0, 1) == 1), from.scale});
        break;
      case 6:
        maps.push_back({network.batch_norm(from.map), from.scale});
        break;
      case 7:
        maps.push_back(
            {network.pick(0, 1) == 1 ? network.relu(from.map, 0.1) : network.prelu(from.map), from.scale});
        break;
      case 8:
        maps.push_back(
            {network.convolution(from.map, static_cast<int>(network.channels(other.map)), taps_of(1, 1, 0)),
             from.scale});
        break;
      case 9:
        if (from.scale == other.scale && same_channels) {
          maps.push_back({network.other(LayerKind::sum, {from.map, other.map}), from.scale});
        }
        break;
      default:
        if (from.scale == other.scale) {
          maps.push_back({network.other(LayerKind::concatenation, {from.map, other.map}), from.scale});
        }
    }
  }
  network.output(maps.back().map);
  if (network.pick(0, 1) == 1) network.output(any().map);
  return network;
}

TEST_CASE("native compile: graphs by chance", "[infer]") {
  for (unsigned seed = 0; seed < 40; ++seed) {
    INFO("seed " << seed);
    check(random_graph(seed, 2), 20, 28);
    check(random_graph(seed, 3), 8, 12, 12);
  }
}

TEST_CASE("native engine: ports of any shape, window by window", "[infer]") {
  RandomGraph graph(13);
  const Node a = graph.input(2);
  const Node map = graph.unit(graph.other(LayerKind::concatenation, {a, graph.input(1)}), 20, 2);
  graph.output(map);
  graph.output(graph.other(LayerKind::global_mean, {map}));
  Network network;
  network.graph = graph.graph;
  network.weights = graph.weights;
  NativeEngine engine(network, base::best_isa(), 2);
  std::vector<net::Tensor> inputs = {{{3, 2, 6, 9}, {}}, {{3, 1, 6, 9}, {}}};
  for (net::Tensor& input : inputs) {
    for (int i = 0; i < input.shape[1] * 3 * 54; ++i)
      input.values.push_back(static_cast<float>(std::sin(i * i)));
  }
  const std::vector<net::Tensor> outputs = engine.run_ports(inputs);
  CHECK(outputs[0].shape == std::vector<std::int64_t>{3, 20, 3, 5});
  CHECK(outputs[1].shape == std::vector<std::int64_t>{3, 20});
  std::vector<DoubleMap> last = {{2, {6, 9}}, {1, {6, 9}}};
  for (std::size_t port : {0, 1}) {
    std::copy(inputs[port].values.end() - last[port].channels * 54, inputs[port].values.end(),
              last[port].values.begin());
  }
  const std::vector<DoubleMap> expected = run_reference(network.graph, network.weights, last, 1);
  for (const std::size_t port : {0, 1}) {
    const std::size_t before = outputs[port].values.size() / 3 * 2;
    for (std::size_t i = 0; i < expected[port].values.size(); ++i) {
      CHECK(std::abs(static_cast<double>(outputs[port].values[before + i]) - expected[port].values[i]) <
            1e-5);
    }
  }
  inputs[1].shape[3] = 8;
  CHECK_THROWS_AS(engine.run_ports(inputs), Error);
}

TEST_CASE("native compile: what it finds in MONAI's UNet", "[infer]") {
  net::UNetSpec spec;
  spec.channels = {16, 24, 40};
  spec.strides = {2, 2};
  spec.out_channels = 7;
  const Network network = test::random_network(spec, 1);
  const Program program = compile(network.graph, network.weights, 1);
  std::vector<OperationKind> kinds;
  for (const Operation& operation : program.operations) kinds.push_back(operation.kind);
  const auto count = [&](OperationKind kind) { return std::count(kinds.begin(), kinds.end(), kind); };
  // A unit with its residual twice as one layer, the bottom's two, a transposed one and a unit, and the last
  // transposed one; the sums go to the joined maps, and the last unit is the head.
  CHECK(count(OperationKind::convolution) == 7);
  CHECK(count(OperationKind::combine) == 4);
  CHECK(kinds.size() == 11);
  REQUIRE(program.head);
  CHECK(program.head->taps);
  CHECK(program.operations[0].layers[0].scheme == Scheme::image);
  CHECK(program.operations[0].layers[0].output_blocks == 2);
  CHECK(program.operations[4].layers[0].scheme == Scheme::winograd2);
  CHECK(program.head->layer.scheme == Scheme::winograd4);
  // Maps that are needed one after the other share memory.
  std::int64_t together = 0;
  const MapPlan plan = plan_maps(program, {64, 64}, 1, HeadPlace::apart);
  for (std::size_t map = 0; map < program.maps.size(); ++map) {
    if (static_cast<int>(map) == program.head->input.map) continue;
    together += program.maps[map].blocks * plan.maps[map].extent.pixels() * kLanes;
  }
  CHECK(plan.floats < together * 4 / 5);
}

TEST_CASE("native compile: what it finds in nnU-Net's U-Net of three axes", "[infer]") {
  net::NnUNetSpec spec;
  spec.in_channels = 1;
  spec.out_channels = 25;
  for (int stage = 0; stage < 6; ++stage) {
    spec.features.push_back(16);
    spec.kernels.push_back({3, 3, 3});
    spec.strides.push_back(stage == 0 ? std::vector<int>{1, 1, 1} : std::vector<int>{2, 2, 2});
    spec.encoder_depths.push_back(2);
    if (stage > 0) spec.decoder_convolutions.push_back(2);
  }
  const net::Graph graph = net::nnunet_plain(spec);
  net::StateDict weights;
  for (const net::Parameter& parameter : graph.parameters) {
    std::int64_t count = 1;
    for (const std::int64_t size : parameter.shape) count *= size;
    weights.push_back(
        {parameter.name, {parameter.shape, std::vector<float>(static_cast<std::size_t>(count), 1)}});
  }
  const Program program = compile(graph, weights, 1);
  // Two layers a stage, then a transposed one and two: nothing else is computed, no map is copied.
  REQUIRE(program.operations.size() == 12 + 5 * 3);
  const auto layer = [&](std::size_t i) -> const Layer& { return program.operations[i].layers.at(0); };
  CHECK(layer(0).scheme == Scheme::image);
  for (std::size_t stage = 0; stage < 6; ++stage) {
    const bool coarse = stage > 3;  // a voxel stands for 16 x 16 x 16 of the window
    const Layer& second = layer(2 * stage + 1);
    CHECK(second.scheme == (coarse ? Scheme::winograd2 : Scheme::winograd4));
    CHECK(second.depth == second.scheme);
    if (stage == 0) continue;
    CHECK(layer(2 * stage).scheme == (coarse ? Scheme::down2 : Scheme::down4));
    CHECK(layer(2 * stage).depth == layer(2 * stage).scheme);
  }
  CHECK(layer(12).phases.size() == 8);
  CHECK(layer(13).input_blocks == 2);
  CHECK(HeadRows::fits(program));
  // A map of a stage's first layer and the joined one: the deeper stages lie where the first one's was.
  const MapPlan plan = plan_maps(program, {64, 64, 64}, 1, HeadPlace::inside);
  CHECK(plan.floats == 3 * 16 * 64 * 64 * 64);
  // What plans are made of, without weights.
  CHECK(weight_bytes(graph) ==
        std::accumulate(program.operations.begin(), program.operations.end(),
                        static_cast<std::size_t>(program.head->layer.weights.size()) * sizeof(float),
                        [](std::size_t sum, const Operation& operation) {
                          return sum +
                                 static_cast<std::size_t>(operation.layers[0].weights.size()) * sizeof(float);
                        }));
  CHECK(window_bytes(graph, {64, 64, 64}, 1) >=
        static_cast<std::size_t>(plan.floats + plan.scratch) * sizeof(float));
}

TEST_CASE("native compile: windows of one value are computed once in a row", "[infer]") {
  for (const int axes : {2, 3}) {
    RandomGraph network(13, axes);
    const Node image = network.input(2);
    network.output(network.convolution(network.unit(network.unit(image, 20), 18), 5, taps_of(1, 1, 0)));
    const Program program = compile(network.graph, network.weights, 2);
    static int products;
    products = 0;
    Kernels kernels = kernels_for(base::Isa::portable);
    kernels.image = [](const ImageCall& call) {
      ++products;
      kernels_for(base::Isa::portable).image(call);
    };
    base::WorkerPool pool(1);
    const std::vector<std::int64_t> sizes(static_cast<std::size_t>(axes), 8);
    Executor executor(program, kernels, pool, sizes, HeadPlace::inside);
    const auto pixels = static_cast<std::size_t>(executor.extent().pixels());
    // Whether it was computed.
    const auto runs = [&](float first, float second, bool noisy) {
      std::vector<float> window(2 * pixels, first);
      std::fill(window.begin() + static_cast<std::ptrdiff_t>(pixels), window.end(), second);
      if (noisy) window.back() += 1;
      const int before = products;
      executor.run({window.data()});
      const bool computed = products > before;
      std::vector<float> scores(5 * pixels);
      executor.write_output(0, scores.data());
      Executor other(program, kernels, pool, sizes, HeadPlace::inside);
      other.run({window.data()});
      std::vector<float> expected(scores.size());
      other.write_output(0, expected.data());
      CHECK(scores == expected);
      return computed;
    };
    CHECK(runs(1, 2, false));
    CHECK_FALSE(runs(1, 2, false));
    CHECK(runs(2, 1, false));
    CHECK(runs(2, 1, true));
    CHECK(runs(2, 1, true));
    CHECK(runs(2, 1, false));
    CHECK_FALSE(runs(2, 1, false));
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> none(2 * pixels, nan);
    for (int time = 0; time < 2; ++time) {
      const int before = products;
      executor.run({none.data()});
      CHECK(products > before);
    }
  }
}

TEST_CASE("native compile: products of split numbers, in networks of three axes", "[infer]") {
  RandomGraph network(14, 3);
  const Node image = network.input(1);
  const Node top = network.unit(network.unit(image, 32), 32);
  const Node bottom = network.unit(network.unit(top, 64, 2), 64);
  const Node up = network.transposed(bottom, 32, taps_of(2, 2, 0), taps_of(2, 2, 0));
  const Node joined = network.other(LayerKind::concatenation, {up, top});
  network.output(network.convolution(network.unit(joined, 32), 5, taps_of(1, 1, 0)));
  Program program = compile(network.graph, network.weights, 2);
  split_weights(&program);
  int split = 0;
  for (const Operation& operation : program.operations) {
    for (const Layer& layer : operation.layers)
      split += layer.split && layer.depth != Scheme::pointwise ? 1 : 0;
  }
  CHECK(split == 4);  // all of kernel 3 but the image's
  CHECK(HeadRows::fits(program));
  const std::vector<DoubleMap> inputs = noise_for(network.graph, {12, 14, 22});
  const std::vector<DoubleMap> expected = run_reference(network.graph, network.weights, inputs, 1);
  for (const base::Isa isa : base::isas_here()) {
    if (!NativeEngine::has_split(isa)) continue;
    const std::vector<float> scores = run_native(program, isa, 1, inputs)[0];
    double largest = 0;
    double difference = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      largest = std::max(largest, std::abs(expected[0].values[i]));
      const double here = std::abs(static_cast<double>(scores[i]) - expected[0].values[i]);
      if (!(here <= difference)) difference = here;
    }
    INFO(base::isa_name(isa) << ": " << difference << " of " << largest);
    CHECK(difference < 5e-4 * largest);
    CHECK(difference > 1e-6 * largest);  // it is not the exact way
    CHECK(run_native(program, isa, 2, inputs)[0] == scores);
  }
}

TEST_CASE("native compile: what there is no code for has a name", "[infer]") {
  RandomGraph grouped(8);
  Node image = grouped.input(4);
  grouped.output(grouped.swept(LayerKind::convolution, image, {taps_of(1, 1, 0), taps_of(1, 1, 0)},
                               {4, 2, 1, 1}, std::vector<float>(8, 1), {}, 2));
  CHECK(why_not_native(grouped.graph) ==
        "the convolution 'convolution' has 2 groups; the native engine runs 1");
  RandomGraph wide(9);
  image = wide.input(1);
  wide.output(wide.convolution(image, 2, {3, 1, 2, 2, 0}));
  CHECK(why_not_native(wide.graph) ==
        "the convolution 'convolution' has a dilation of 2; the native engine runs 1");
  RandomGraph sparse(10);
  image = sparse.input(1);
  sparse.output(sparse.transposed(image, 2, taps_of(2, 3, 0), taps_of(2, 3, 0)));
  CHECK(why_not_native(sparse.graph) ==
        "the transposed convolution 'transposed convolution' has a stride beyond its kernel; the native "
        "engine fills "
        "no gaps");
  CHECK(why_not_native(net::Graph()) == "the network is a program, not a described UNet");
}

TEST_CASE("native compile: scores of any last layer are blended as the plain way does", "[infer]") {
  for (const int last : {0, 1, 2, 3}) {
    RandomGraph network(11);
    const std::vector<net::Taps> halves(2, taps_of(2, 2, 0));
    Node map = network.unit(network.input(1), 20);
    if (last == 0) map = network.convolution(map, 18, taps_of(1, 1, 0));
    if (last == 1) map = network.convolution(map, 18, taps_of(5, 1, 2));
    if (last == 2) map = network.other(LayerKind::sigmoid, {map});
    if (last == 3)
      map = network.transposed(network.pooled(LayerKind::max_pool, map, halves), 18, halves[0], halves[1]);
    network.output(map);
    Network described;
    described.graph = network.graph;
    described.weights = network.weights;
    NativeEngine engine(described, base::best_isa(), 2);
    const SlicePlan plan = plan_slice({{32, 32, 1}, 0.8}, 40, 50);
    SliceInfererOptions options;
    options.classes = network.channels(map);
    options.threads = 2;
    std::vector<float> image;
    for (int i = 0; i < 2000; ++i)
      image.push_back(i < 900 ? 0.5F : static_cast<float>(std::sin(0.37 * i * i)));
    const auto plain = WindowInferer(engine, plan, options).run({image.data()});
    const auto fused = engine.infer_slices(plan, options)->run({image.data()});
    double difference = 0;
    for (std::int64_t c = 0; c < options.classes; ++c) {
      for (std::int64_t x = 0; x < 40; ++x) {
        for (std::int64_t y = 0; y < 50; ++y) {
          difference = std::max(difference, std::abs(static_cast<double>(plain[0]->score(c, x, y)) -
                                                     static_cast<double>(fused[0]->score(c, x, y))));
        }
      }
    }
    INFO("last layer " << last);
    CHECK(difference < 2e-5);
    CHECK(engine.memory(plan, options.classes).fixed > 0);
  }
  RandomGraph shrinking(12);
  shrinking.output(shrinking.unit(shrinking.input(1), 4, 2));
  Network described;
  described.graph = shrinking.graph;
  described.weights = shrinking.weights;
  NativeEngine engine(described, base::best_isa(), 1);
  std::vector<float> window(256);
  std::vector<float> scores(4 * 256);
  CHECK_THROWS_AS(engine.run(window.data(), {1, 1, 16, 16}, 4, scores.data()), Error);
}

}  // namespace
}  // namespace musclemap::infer::native
