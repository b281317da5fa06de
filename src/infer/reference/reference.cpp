#include "infer/reference/reference.hpp"

#include <algorithm>
#include <utility>

#include "infer/reference/channel_layers.hpp"
#include "infer/reference/swept_layers.hpp"
#include "net/check_graph.hpp"
#include "net/last_uses.hpp"

namespace musclemap::infer {
namespace {

using net::Layer;
using net::LayerKind;

bool multiplies(const Layer& layer) {
  return layer.kind == LayerKind::convolution || layer.kind == LayerKind::transposed_convolution ||
         layer.kind == LayerKind::linear;
}

class Reference {
 public:
  Reference(const net::Graph& graph, const net::StateDict& weights, int threads)
      : graph_(graph), weights_(weights), threads_(threads) {}

  std::vector<DoubleMap> run(const std::vector<DoubleMap>& inputs, const AfterLayer& after_layer) {
    const std::vector<net::LayerShape> shapes = net::layer_shapes(graph_, inputs.at(0).sizes);
    const net::LastUses last_uses(graph_);
    maps_.resize(graph_.layers.size());
    for (std::size_t port = 0; port < inputs.size(); ++port) maps_[graph_.inputs[port].layer] = inputs[port];
    const auto layers =
        static_cast<int>(std::count_if(graph_.layers.begin(), graph_.layers.end(), multiplies));
    int done = 0;
    for (std::size_t l = 0; l < graph_.layers.size(); ++l) {
      const Layer& layer = graph_.layers[l];
      if (multiplies(layer) && after_layer) after_layer(done++, layers);
      if (layer.kind != LayerKind::input) maps_[l] = map_of(layer, shapes[l]);
      for (const std::uint32_t unused : last_uses.after(l)) maps_[unused] = {};
    }
    std::vector<DoubleMap> outputs;
    for (const net::Port& port : graph_.outputs) outputs.push_back(maps_[port.layer]);
    return outputs;
  }

 private:
  const DoubleMap& in(const Layer& layer, std::size_t i = 0) const { return maps_[layer.inputs[i]]; }

  const net::Tensor* parameter(const Layer& layer, std::size_t i) const {
    const std::uint32_t index = layer.parameters[i];
    return index == Layer::kNone ? nullptr : &weights_[index].tensor;
  }

  NormParameters norm_of(const Layer& layer) const {
    NormParameters norm{parameter(layer, 0), parameter(layer, 1), nullptr, nullptr, layer.epsilon};
    if (layer.kind == LayerKind::batch_norm) {
      norm.mean = parameter(layer, 2);
      norm.variance = parameter(layer, 3);
    }
    return norm;
  }

  DoubleMap map_of(const Layer& layer, const net::LayerShape& shape) const {
    DoubleMap result;
    switch (layer.kind) {
      case LayerKind::input:
        break;
      case LayerKind::convolution:
        result = DoubleMap(shape.channels, shape.sizes);
        convolve(layer, in(layer), *parameter(layer, 0), parameter(layer, 1), threads_, &result);
        break;
      case LayerKind::transposed_convolution:
        result = DoubleMap(shape.channels, shape.sizes);
        convolve_transposed(layer, in(layer), *parameter(layer, 0), parameter(layer, 1), threads_, &result);
        break;
      case LayerKind::linear:
        return linear(*parameter(layer, 0), parameter(layer, 1), in(layer));
      case LayerKind::instance_norm:
      case LayerKind::batch_norm:
        result = in(layer);
        normalise(norm_of(layer), &result);
        break;
      case LayerKind::leaky_relu:
        result = in(layer);
        leaky_relu(layer.slope, nullptr, &result);
        break;
      case LayerKind::prelu:
        result = in(layer);
        leaky_relu(0, parameter(layer, 0), &result);
        break;
      case LayerKind::sigmoid:
        result = in(layer);
        sigmoid(&result);
        break;
      case LayerKind::sum:
        return sum_of(in(layer, 0), in(layer, 1));
      case LayerKind::concatenation:
        result = in(layer);
        for (std::size_t i = 1; i < layer.inputs.size(); ++i) append_channels(in(layer, i), &result);
        break;
      case LayerKind::max_pool:
        result = DoubleMap(shape.channels, shape.sizes);
        pool_max(layer, in(layer), &result);
        break;
      case LayerKind::average_pool:
        result = DoubleMap(shape.channels, shape.sizes);
        pool_average(layer, in(layer), &result);
        break;
      case LayerKind::upsampling:
        result = DoubleMap(shape.channels, shape.sizes);
        repeat_values(layer, in(layer), &result);
        break;
      case LayerKind::global_mean:
        return mean_over_space(in(layer));
      case LayerKind::unit_length:
        result = in(layer);
        divide_by_length(&result);
        break;
    }
    return result;
  }

  const net::Graph& graph_;
  const net::StateDict& weights_;
  int threads_;
  std::vector<DoubleMap> maps_;
};

}  // namespace

std::vector<DoubleMap> run_reference(const net::Graph& graph, const net::StateDict& weights,
                                     const std::vector<DoubleMap>& inputs, int threads,
                                     const AfterLayer& after_layer) {
  return Reference(graph, weights, threads).run(inputs, after_layer);
}

}  // namespace musclemap::infer
