#include "net/check_graph.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "net/arch/monai_unet.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap::net {
namespace {

using test::contains;
using test::error_of;
using Sizes = std::vector<std::int64_t>;

Graph small(int axes = 2) {
  UNetSpec spec;
  spec.in_channels = 2;
  spec.out_channels = 3;
  spec.channels = {4, 6};
  spec.strides = {2};
  spec.axes = axes;
  return monai_unet(spec);
}

Layer& first_of(LayerKind kind, Graph& graph) {
  for (Layer& layer : graph.layers) {
    if (layer.kind == kind) return layer;
  }
  throw std::logic_error("no such layer");
}

/// What is said of the small UNet once its first layer of that kind was changed.
template <class Change>
std::string after(LayerKind kind, const Change& change) {
  Graph graph = small();
  change(first_of(kind, graph));
  return error_of([&] { check_graph(graph); });
}

TEST_CASE("check graph: channels and sizes go from layer to layer, in the plane and in space", "[net]") {
  const Graph flat = small();
  const std::vector<LayerShape> shapes = layer_shapes(flat, {8, 12});
  CHECK(shapes[0].channels == 2);
  CHECK(shapes[1].channels == 4);
  CHECK(shapes[1].sizes == Sizes{4, 6});
  CHECK(shapes[flat.outputs[0].layer].channels == 3);
  CHECK(shapes[flat.outputs[0].layer].sizes == Sizes{8, 12});
  const Graph deep = small(3);
  CHECK(layer_shapes(deep, {4, 8, 12})[deep.outputs[0].layer].sizes == Sizes{4, 8, 12});
  CHECK(deep.parameters[0].shape == Sizes{4, 2, 3, 3, 3});
}

TEST_CASE("check graph: sizes that do not fit are told with the layer", "[net]") {
  const Graph graph = small();
  CHECK(contains(error_of([&] { layer_shapes(graph, {2, 2}); }), "instance norm 'model.0.conv.unit0.adn.N'"));
  CHECK(contains(error_of([&] { layer_shapes(graph, {8}); }), "a window of 8 is no input"));
  CHECK(contains(error_of([&] { layer_shapes(graph, {8, 0}); }), "a window of 8x0"));
  UNetSpec spec;
  spec.out_channels = 2;
  spec.channels = {2, 2, 2};
  spec.strides = {2, 2};
  CHECK(contains(error_of([&] {
                   layer_shapes(monai_unet(spec), {8, 6});
                 }),
                 "the concatenation 'model.1' joins maps of 4x3 and 4x4"));
}

TEST_CASE("check graph: maps that no memory holds are refused before anything makes them", "[net]") {
  const Graph graph = small(3);
  CHECK(error_of([&] { layer_shapes(graph, {1024, 1024, 1024}); }) == "no error");
  CHECK(contains(error_of([&] {
                   layer_shapes(graph, {16384, 16384, 64});
                 }),
                 "of more than 17179869184 values"));
}

TEST_CASE("check graph: steps are the products of strides, axis by axis", "[net]") {
  UNetSpec spec;
  spec.out_channels = 2;
  spec.channels = {2, 3, 4, 4};
  spec.strides = {2, 1, 2};
  Graph graph = monai_unet(spec);
  CHECK(size_steps(graph) == Sizes{4, 4});
  for (Layer& layer : graph.layers) {
    if (!layer.taps.empty()) layer.taps[1].stride = 1;
  }
  CHECK(size_steps(graph) == Sizes{4, 1});
  for (Layer& layer : graph.layers) {
    if (!layer.taps.empty()) layer.taps[0].stride = 4096;
  }
  CHECK(contains(error_of([&] { size_steps(graph); }), "multiply to more than 65536"));
}

TEST_CASE("check graph: what does not fit is an error that names the layer", "[net]") {
  CHECK(error_of([&] { check_graph(small()); }) == "no error");
  const LayerKind convolution = LayerKind::convolution;
  CHECK(contains(after(convolution, [](Layer& l) { l.inputs = {99}; }), "does not come before it"));
  CHECK(contains(after(convolution, [](Layer& l) { l.inputs = {}; }), "takes 0 maps"));
  CHECK(contains(after(convolution, [](Layer& l) { l.parameters[0] = Layer::kNone; }),
                 "the convolution 'model.0.conv.unit0.conv' has no weight"));
  CHECK(contains(after(convolution, [](Layer& l) { l.parameters[1] = 999; }), "unknown parameter"));
  CHECK(contains(after(convolution, [](Layer& l) { l.parameters.pop_back(); }), "has 1 parameters"));
  CHECK(contains(after(convolution, [](Layer& l) { l.parameters[1] = l.parameters[0]; }),
                 "has 'model.0.conv.unit0.conv.weight' of shape 4x2x3x3, not 4"));
  CHECK(contains(after(convolution, [](Layer& l) { l.groups = 3; }), "has 3 groups"));
  CHECK(contains(after(convolution, [](Layer& l) { l.groups = 0; }), "has 0 groups"));
  CHECK(contains(after(convolution, [](Layer& l) { l.taps.pop_back(); }), "settings of 1 axes"));
  CHECK(
      contains(after(convolution, [](Layer& l) { l.taps[0].kernel = 5; }), "of shape 4x2x3x3, not 4x2x5x3"));
  for (int Taps::*setting : {&Taps::kernel, &Taps::stride, &Taps::dilation}) {
    CHECK(contains(after(convolution, [&](Layer& l) { l.taps[1].*setting = 0; }), "that is not in use"));
  }
  CHECK(contains(after(convolution, [](Layer& l) { l.taps[0].padding = -1; }), "that is not in use"));
  CHECK(contains(after(convolution, [](Layer& l) { l.taps[0].output_padding = 1; }), "output padding of 1"));
  CHECK(contains(after(LayerKind::transposed_convolution, [](Layer& l) { l.taps[0].output_padding = 2; }),
                 "output padding of 2"));
  CHECK(contains(after(LayerKind::sum, [](Layer& l) { l.inputs[1] = 0; }), "adds 4 and 2 channels"));
  CHECK(contains(after(LayerKind::sum, [](Layer& l) { l.inputs.pop_back(); }), "joins 1 maps"));
  CHECK(contains(after(LayerKind::input, [](Layer& l) { l.channels = 0; }),
                 "the input 'image' has 0 channels"));
  CHECK(contains(after(LayerKind::leaky_relu,
                       [](Layer& l) {
                         l.kind = LayerKind::linear;
                         l.parameters = {0, 1};
                       }),
                 "takes a map, not a vector"));
  CHECK(contains(after(LayerKind::concatenation,
                       [](Layer& l) {
                         l.kind = LayerKind::global_mean;
                         l.inputs.pop_back();
                       }),
                 "the transposed convolution 'model.2.0.conv' takes a vector, not a map"));
}

TEST_CASE("check graph: ports are inputs and layers of the graph", "[net]") {
  Graph graph = small();
  graph.outputs.clear();
  CHECK(contains(error_of([&] { check_graph(graph); }), "has no output"));
  graph = small();
  graph.outputs[0].layer = 1000;
  CHECK(contains(error_of([&] { check_graph(graph); }), "the port 'scores' is no layer's"));
  graph = small();
  graph.inputs[0].layer = 1;
  CHECK(contains(error_of([&] { check_graph(graph); }), "the port 'image' is no input"));
  graph = small();
  graph.inputs.clear();
  CHECK(contains(error_of([&] { check_graph(graph); }), "inputs are not its ports"));
  graph = small();
  graph.axes = 4;
  CHECK(contains(error_of([&] { check_graph(graph); }), "4 spatial axes"));
}

}  // namespace
}  // namespace musclemap::net
