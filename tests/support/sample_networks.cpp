#include "support/sample_networks.hpp"

#include <cmath>
#include <cstdint>
#include <random>
#include <utility>

#include "net/check_graph.hpp"
#include "support/graph_of.hpp"

namespace musclemap::test {
namespace {

using net::Layer;
using net::LayerKind;
using net::Taps;
using Map = GraphOf::Map;

class Drawn : public GraphOf {
 public:
  explicit Drawn(unsigned seed) : GraphOf(2), random_(seed) {}

  infer::Network network() {
    net::check_graph(graph);
    infer::Network network;
    network.graph = std::move(graph);
    network.weights = std::move(weights);
    return network;
  }

  Map convolution(Map x, int inputs, int outputs, int kernel, int stride = 1, bool bias = true,
                  int groups = 1) {
    const Taps taps{kernel, stride, kernel / 2, 1, 0};
    return convolved(LayerKind::convolution, x, {taps, taps}, {outputs, inputs / groups, kernel, kernel},
                     bias ? outputs : 0, groups);
  }
  Map transposed(Map x, int inputs, int outputs, int factor) {
    const Taps taps{factor, factor, 0, 1, 0};
    return convolved(LayerKind::transposed_convolution, x, {taps, taps}, {inputs, outputs, factor, factor},
                     outputs);
  }
  Map convolved(LayerKind kind, Map x, std::vector<Taps> taps, std::vector<std::int64_t> shape, int biases,
                int groups = 1) {
    std::int64_t count = 1;
    for (const std::int64_t size : shape) count *= size;
    const float bound = 1 / std::sqrt(static_cast<float>(count) / static_cast<float>(shape[0]));
    return swept(kind, x, std::move(taps), std::move(shape), values(count, -bound, bound),
                 values(biases, -0.1F, 0.1F), groups);
  }
  Map batch_norm(Map x, std::int64_t channels) {
    Layer layer = GraphOf::layer(LayerKind::batch_norm, {x});
    layer.parameters = {parameter({channels}, values(channels, 0.5F, 1)),
                        parameter({channels}, values(channels, -0.2F, 0.2F)),
                        parameter({channels}, values(channels, -0.1F, 0.1F)),
                        parameter({channels}, values(channels, 0.5F, 1))};
    return add(std::move(layer));
  }
  Map relu(Map x) { return add(GraphOf::layer(LayerKind::leaky_relu, {x})); }
  Map sum(Map a, Map b) { return add(GraphOf::layer(LayerKind::sum, {a, b})); }
  Map joined(Map a, Map b) { return add(GraphOf::layer(LayerKind::concatenation, {a, b})); }
  Map halved(Map x) { return pooled(LayerKind::max_pool, x, {{2, 2, 0, 1, 0}, {2, 2, 0, 1, 0}}); }
  Map doubled(Map x) { return pooled(LayerKind::upsampling, x, {{1, 2, 0, 1, 0}, {1, 2, 0, 1, 0}}); }
  Map linear(Map x, std::int64_t inputs, std::int64_t outputs) {
    Layer layer = GraphOf::layer(LayerKind::linear, {x});
    layer.parameters = {parameter({outputs, inputs}, values(outputs * inputs, -0.5F, 0.5F)),
                        parameter({outputs}, values(outputs, -0.1F, 0.1F))};
    return add(std::move(layer));
  }
  std::vector<float> values(std::int64_t count, float low, float high) {
    std::uniform_real_distribution<float> uniform(low, high);
    std::vector<float> result;
    for (std::int64_t i = 0; i < count; ++i) result.push_back(uniform(random_));
    return result;
  }

 private:
  std::mt19937 random_;
};

/// Two convolutions, each with batch norm and ReLU behind it.
Map block(Drawn& net, Map x, int inputs, int outputs) {
  x = net.relu(net.batch_norm(net.convolution(x, inputs, outputs, 3), outputs));
  return net.relu(net.batch_norm(net.convolution(x, outputs, outputs, 3), outputs));
}

infer::Network pooled_unet() {
  Drawn net(1);
  const Map a = block(net, net.input(1), 1, 5);
  const Map b = block(net, net.halved(a), 5, 18);
  const Map c = block(net, net.halved(b), 18, 18);
  const Map d = block(net, net.joined(net.doubled(c), b), 36, 7);
  const Map e = block(net, net.joined(net.doubled(d), a), 12, 6);
  net.output(net.convolution(e, 6, 4, 1));
  return net.network();
}

infer::Network residual_net() {
  Drawn net(2);
  Map x = net.relu(net.batch_norm(net.convolution(net.input(1), 1, 20, 7, 2), 20));
  for (int i = 0; i < 2; ++i) {
    const Map y = net.batch_norm(net.convolution(x, 20, 20, 3, 1, false), 20);
    x = net.relu(net.sum(y, x));
  }
  net.output(net.add(GraphOf::layer(LayerKind::sigmoid, {net.transposed(x, 20, 3, 2)})));
  return net.network();
}

infer::Network two_inputs() {
  Drawn net(3);
  const Map a = net.input(2);
  const Map b = net.input(2);
  net.output(net.convolution(net.relu(net.convolution(net.joined(a, b), 4, 9, 3)), 9, 2, 3));
  return net.network();
}

/// Norm and ReLU come before each convolution, and the style is added at every place.
infer::Network style_net() {
  Drawn net(4);
  const Map x = net.input(2);
  const Map first = net.convolution(net.relu(net.batch_norm(x, 2)), 2, 17, 3);
  const Map bottom = net.convolution(net.relu(net.batch_norm(net.halved(first), 17)), 17, 24, 3);
  const Map style = net.add(
      GraphOf::layer(LayerKind::unit_length, {net.add(GraphOf::layer(LayerKind::global_mean, {bottom}))}));
  const Map wide = net.sum(bottom, net.linear(style, 24, 24));
  const Map top = net.convolution(net.relu(net.batch_norm(net.doubled(wide), 24)), 24, 17, 3);
  const Map styled = net.sum(net.sum(top, first), net.linear(style, 24, 17));
  net.output(net.convolution(net.relu(net.batch_norm(styled, 17)), 17, 3, 1));
  net.output(style);
  return net.network();
}

infer::Network odd_layers() {
  Drawn net(5);
  const Map x = net.input(4);
  const Map wide =
      net.convolved(LayerKind::convolution, x, {{3, 1, 2, 2, 0}, {5, 1, 2, 1, 0}}, {8, 2, 3, 5}, 8, 2);
  Layer norm = GraphOf::layer(LayerKind::instance_norm, {wide});
  norm.epsilon = 1e-3;
  norm.parameters = {net.parameter({8}, net.values(8, 0.5F, 1)),
                     net.parameter({8}, net.values(8, -0.2F, 0.2F))};
  Layer prelu = GraphOf::layer(LayerKind::prelu, {net.add(norm)});
  prelu.parameters = {net.parameter({8}, net.values(8, 0.1F, 0.4F))};
  const Map bent = net.add(prelu);
  const Map coarse = net.pooled(LayerKind::average_pool, bent, {{2, 2, 0, 1, 0}, {4, 4, 0, 1, 0}});
  const Map pooled = net.pooled(LayerKind::max_pool, coarse, {{3, 1, 1, 1, 0}, {3, 1, 1, 1, 0}});
  net.output(net.convolved(LayerKind::transposed_convolution, pooled, {{3, 2, 1, 1, 1}, {5, 4, 1, 1, 1}},
                           {8, 3, 3, 5}, 3));
  return net.network();
}

}  // namespace

std::vector<SampleNetwork> sample_networks() {
  return {{"a U-Net with pooling and upsampling", pooled_unet()},
          {"a residual network without skip connections", residual_net()},
          {"two inputs", two_inputs()},
          {"a style vector", style_net()},
          {"odd layers", odd_layers()}};
}

}  // namespace musclemap::test
