#include "infer/window_memory.hpp"

#include <algorithm>

#include "net/check_graph.hpp"
#include "net/last_uses.hpp"

namespace musclemap::infer {
namespace {

constexpr std::int64_t kBlock = 16;

std::int64_t in_blocks(std::int64_t channels) { return (channels + kBlock - 1) / kBlock * kBlock; }

std::int64_t places(const net::LayerShape& shape) {
  std::int64_t product = 1;
  for (const std::int64_t size : shape.sizes) product *= size;
  return product;
}

bool convolves(const net::Layer& layer) {
  return layer.kind == net::LayerKind::convolution || layer.kind == net::LayerKind::transposed_convolution;
}

// Floats that a convolution holds beside its maps.
std::int64_t copies(const net::Graph& graph, const net::Layer& layer, const net::LayerShape& input,
                    const net::LayerShape& output) {
  const std::vector<std::int64_t>& kernel = graph.parameters[layer.parameters[0]].shape;
  std::int64_t weights = in_blocks(kernel[0]) * in_blocks(kernel[1]);
  for (std::size_t axis = 2; axis < kernel.size(); ++axis) weights *= kernel[axis];
  return in_blocks(input.channels) * places(input) + in_blocks(output.channels) * places(output) + weights;
}

std::size_t unknown_program(const std::vector<std::int64_t>& sizes, std::int64_t classes) {
  constexpr std::int64_t kMaps = 6;
  constexpr std::int64_t kLeastWidth = 64;
  const std::int64_t map = places({0, sizes}) * std::max(classes, kLeastWidth);
  return static_cast<std::size_t>(kMaps * map) * sizeof(float);
}

}  // namespace

std::size_t window_bytes(const net::Graph& graph, const std::vector<std::int64_t>& sizes,
                         std::int64_t classes) {
  if (graph.empty()) return unknown_program(sizes, classes);
  const std::vector<net::LayerShape> shapes = net::layer_shapes(graph, sizes);
  const net::LastUses last_uses(graph);
  std::int64_t held = 0;
  std::int64_t most = 0;
  for (std::size_t l = 0; l < graph.layers.size(); ++l) {
    const net::Layer& layer = graph.layers[l];
    held += shapes[l].channels * places(shapes[l]);
    const std::int64_t beside =
        convolves(layer) ? copies(graph, layer, shapes[layer.inputs[0]], shapes[l]) : 0;
    most = std::max(most, held + beside);
    for (const std::uint32_t done : last_uses.after(l)) held -= shapes[done].channels * places(shapes[done]);
  }
  return static_cast<std::size_t>(most) * sizeof(float);
}

}  // namespace musclemap::infer
