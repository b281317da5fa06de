#include "infer/load_check.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "musclemap/error.hpp"
#include "net/check_graph.hpp"

namespace musclemap::infer {
namespace {

constexpr double kTolerance = 1e-4;

std::vector<std::int64_t> small_sizes(const net::Graph& graph) {
  constexpr std::int64_t kWidest = 16;  // at the bottom; a network may take some off at its edges
  const std::vector<std::int64_t> steps = net::size_steps(graph);
  for (std::int64_t pixels = 2;; pixels *= 2) {
    std::vector<std::int64_t> sizes = steps;
    for (std::int64_t& size : sizes) size *= pixels;
    try {
      net::layer_shapes(graph, sizes);
      return sizes;
    } catch (const Error&) {
      if (pixels == kWidest) throw;
    }
  }
}

}  // namespace

std::vector<net::Tensor> check_window(const net::Graph& graph) {
  const std::vector<std::int64_t> sizes = small_sizes(graph);
  std::vector<net::Tensor> inputs;
  std::size_t i = 0;
  for (const net::Port& port : graph.inputs) {
    net::Tensor input{{1, graph.layers[port.layer].channels}, {}};
    std::int64_t count = input.shape[1];
    for (const std::int64_t size : sizes) {
      input.shape.push_back(size);
      count *= size;
    }
    for (; count > 0; --count, ++i) {
      input.values.push_back(static_cast<float>(std::sin(0.37 * static_cast<double>(i)) +
                                                std::cos(0.011 * static_cast<double>(i * i % 997))));
    }
    inputs.push_back(std::move(input));
  }
  return inputs;
}

bool is_quickly_checked(const net::Graph& graph, const std::vector<net::Tensor>& window) {
  constexpr double kMostProducts = 2e9;
  const std::vector<std::int64_t> sizes(window[0].shape.begin() + 2, window[0].shape.end());
  const std::vector<net::LayerShape> shapes = net::layer_shapes(graph, sizes);
  const auto pixels = [&](std::uint32_t layer) {
    double count = 1;
    for (const std::int64_t size : shapes[layer].sizes) count *= static_cast<double>(size);
    return count;
  };
  double products = 0;
  for (std::uint32_t i = 0; i < graph.layers.size(); ++i) {
    const net::Layer& layer = graph.layers[i];
    const bool transposed = layer.kind == net::LayerKind::transposed_convolution;
    if (layer.kind != net::LayerKind::convolution && !transposed) continue;
    double weights = 1;
    for (const std::int64_t size : graph.parameters[layer.parameters[0]].shape) {
      weights *= static_cast<double>(size);
    }
    products += weights * pixels(transposed ? layer.inputs[0] : i);
  }
  return products <= kMostProducts;
}

namespace {

template <class Value>
std::string difference(const std::vector<float>& values, const std::vector<Value>& expected,
                       const char* what) {
  if (values.size() != expected.size()) {
    return std::string("the native engine gives another number of values than ") + what;
  }
  double largest = 0;
  double difference = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto value = static_cast<double>(expected[i]);
    largest = std::max(largest, std::abs(value));
    const double here = std::abs(static_cast<double>(values[i]) - value);
    if (!(here <= difference)) difference = here;  // NaN too
  }
  if (difference <= kTolerance * largest) return {};
  return std::string("the native engine differs from ") + what + " by " + std::to_string(difference) +
         " on scores up to " + std::to_string(largest);
}

template <class Map>
std::string first_difference(const std::vector<net::Tensor>& outputs, const std::vector<Map>& expected,
                             const char* what) {
  for (std::size_t port = 0; port < outputs.size(); ++port) {
    std::string found = difference(outputs[port].values, expected.at(port).values, what);
    if (!found.empty()) return found;
  }
  return {};
}

}  // namespace

std::vector<net::Tensor> outputs_of(Engine& engine, const net::Graph& graph,
                                    const std::vector<net::Tensor>& inputs) {
  const std::vector<std::int64_t> sizes(inputs[0].shape.begin() + 2, inputs[0].shape.end());
  const net::LayerShape scores = net::layer_shapes(graph, sizes)[graph.outputs[0].layer];
  if (inputs.size() != 1 || graph.outputs.size() != 1 || scores.sizes != sizes)
    return engine.run_ports(inputs);
  net::Tensor output{inputs[0].shape, {}};
  output.shape[1] = scores.channels;
  output.values.resize(inputs[0].values.size() / static_cast<std::size_t>(inputs[0].shape[1]) *
                       static_cast<std::size_t>(scores.channels));
  engine.run(inputs[0].values.data(), inputs[0].shape, scores.channels, output.values.data());
  return {std::move(output)};
}

LoadCheck::LoadCheck(Engine& engine, const net::Graph& graph, std::vector<net::Tensor> window)
    : inputs_(std::move(window)), outputs_(outputs_of(engine, graph, inputs_)) {}

std::vector<DoubleMap> LoadCheck::maps() const {
  std::vector<DoubleMap> maps;
  for (const net::Tensor& input : inputs_) {
    DoubleMap map(input.shape[1], {input.shape.begin() + 2, input.shape.end()});
    std::copy(input.values.begin(), input.values.end(), map.values.begin());
    maps.push_back(std::move(map));
  }
  return maps;
}

std::string LoadCheck::compare(const std::vector<DoubleMap>& expected, const char* what) const {
  return first_difference(outputs_, expected, what);
}

std::string LoadCheck::compare(const std::vector<net::Tensor>& expected, const char* what) const {
  return first_difference(outputs_, expected, what);
}

}  // namespace musclemap::infer
