#include "infer/recognise_unet.hpp"

#include <string>
#include <utility>
#include <vector>

#include "net/arch/monai_unet.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap::infer {
namespace {

using net::Graph;
using net::Layer;
using net::LayerKind;
using test::contains;
using test::error_of;

UNetSpec small() {
  UNetSpec spec;
  spec.out_channels = 4;
  spec.channels = {5, 8, 12};
  spec.strides = {2, 2};
  return spec;
}

std::vector<UNetSpec> family() {
  std::vector<UNetSpec> all;
  for (const int units : {0, 1, 2, 3}) {
    UNetSpec spec = small();
    spec.num_res_units = units;
    all.push_back(spec);
    spec.norm = Norm::batch;
    spec.affine = true;
    spec.nonlinearity = Nonlinearity::prelu;
    spec.in_channels = 3;
    all.push_back(spec);
    spec.affine = false;
    spec.nonlinearity = Nonlinearity::relu;
    spec.negative_slope = 0;
    spec.channels = {4, 4, 4, 4};
    spec.strides = {2, 1, 2};
    spec.in_channels = 4;
    all.push_back(spec);
  }
  UNetSpec one_level = small();
  one_level.channels = {2, 3};
  one_level.strides = {2};
  one_level.negative_slope = 0.2;
  all.push_back(one_level);
  return all;
}

TEST_CASE("recognise unet: every member of the family is told by its layers", "[infer]") {
  for (const UNetSpec& spec : family()) {
    CAPTURE(spec.num_res_units, spec.channels.size(), spec.in_channels);
    const Graph described = net::monai_unet(spec);
    const RecognisedUNet found = recognise_unet(described);
    CHECK(found.spec.in_channels == spec.in_channels);
    CHECK(found.spec.out_channels == spec.out_channels);
    CHECK(found.spec.channels == spec.channels);
    CHECK(found.spec.strides == spec.strides);
    CHECK(found.spec.num_res_units == spec.num_res_units);
    CHECK(found.spec.norm == spec.norm);
    CHECK(found.spec.affine == spec.affine);
    CHECK(found.spec.nonlinearity == spec.nonlinearity);
    if (spec.nonlinearity != Nonlinearity::prelu) CHECK(found.spec.negative_slope == spec.negative_slope);
    const std::vector<net::Parameter>& parameters = described.parameters;
    REQUIRE(found.tensors.size() == parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      if (parameters[i].shape.empty()) {
        CHECK(found.tensors[i] == Layer::kNone);
      } else {
        CHECK(found.tensors[i] == i);
      }
    }
  }
}

TEST_CASE("recognise unet: the order of a sum does not matter", "[infer]") {
  Graph flow = net::monai_unet(small());
  for (Layer& layer : flow.layers) {
    if (layer.kind == LayerKind::sum) std::swap(layer.inputs[0], layer.inputs[1]);
  }
  CHECK(recognise_unet(flow).spec.channels == small().channels);
}

void change_setting(std::size_t setting, Layer* layer) {
  net::Taps& taps = layer->taps[setting % 2];
  int* const settings[] = {&taps.stride, &taps.padding, &taps.dilation, &taps.output_padding, &layer->groups};
  ++*settings[setting / 2];
}

Layer activation(std::vector<std::uint32_t> inputs) {
  Layer layer;
  layer.kind = LayerKind::leaky_relu;
  layer.inputs = std::move(inputs);
  layer.slope = 0.01;
  return layer;
}

/// What is said of the small UNet once a layer of that kind, the `which`-th, was changed.
template <class Change>
std::string after(LayerKind kind, int which, const Change& change) {
  Graph flow = net::monai_unet(small());
  for (Layer& layer : flow.layers) {
    if (layer.kind == kind && which-- == 0) change(layer, flow);
  }
  return error_of([&] { recognise_unet(flow); });
}

TEST_CASE("recognise unet: every setting of every layer counts", "[infer]") {
  for (const LayerKind kind : {LayerKind::convolution, LayerKind::transposed_convolution}) {
    for (int which : {0, 1}) {
      for (std::size_t setting = 0; setting < 9; ++setting) {
        CAPTURE(net::layer_name(kind), which, setting);
        const auto change = [&](Layer& layer, Graph&) { change_setting(setting, &layer); };
        CHECK_FALSE(after(kind, which, change) == "no error");
      }
    }
  }
  const auto epsilon = [](Layer& layer, Graph&) { layer.epsilon = 0.001; };
  CHECK(contains(after(LayerKind::instance_norm, 3, epsilon), "epsilon 1e-05, it has 0.001"));
  const auto slope = [](Layer& layer, Graph&) { layer.slope = 0.001; };
  CHECK(contains(after(LayerKind::leaky_relu, 3, slope), "negative slope 0.01, it has 0.001"));
  const auto dilated = [](Layer& layer, Graph&) { layer.taps[0].dilation = 2; };
  CHECK(contains(after(LayerKind::convolution, 0, dilated),
                 "where the UNet has model.0.conv.unit0.conv: dilation of rows 1, it has 2"));
}

TEST_CASE("recognise unet: weights that are missing, too many or of another shape are told by name",
          "[infer]") {
  const auto no_bias = [](Layer& layer, Graph&) { layer.parameters[1] = Layer::kNone; };
  CHECK(contains(after(LayerKind::convolution, 0, no_bias), "'model.0.conv.unit0.conv.bias', it has none"));
  const auto affine = [](Layer& layer, Graph&) { layer.parameters[0] = 0; };
  CHECK(contains(after(LayerKind::instance_norm, 1, affine), "it has a parameter more"));
  const auto grown = [](Layer& layer, Graph& flow) { flow.parameters[layer.parameters[0]].shape[2] = 5; };
  CHECK(contains(after(LayerKind::convolution, 0, grown),
                 "'model.0.conv.unit0.conv.weight' of shape 5x1x3x3, it has 5x1x5x3"));
  const auto deep = [](Layer& layer, Graph& flow) {
    flow.parameters[layer.parameters[0]].shape.push_back(3);
  };
  CHECK(contains(after(LayerKind::convolution, 0, deep), "channels"));
  const auto empty = [](Layer& layer, Graph& flow) { flow.parameters[layer.parameters[0]].shape[0] = 0; };
  CHECK(contains(after(LayerKind::convolution, 0, empty), "has 0 channels"));
  const auto negative = [](Layer& layer, Graph& flow) { flow.parameters[layer.parameters[0]].shape[1] = -7; };
  CHECK_FALSE(after(LayerKind::convolution, 0, negative) == "no error");
}

TEST_CASE("recognise unet: layers in other places are told", "[infer]") {
  const auto swap = [](Layer& layer, Graph&) { std::swap(layer.inputs[0], layer.inputs[1]); };
  CHECK_FALSE(after(LayerKind::concatenation, 0, swap) == "no error");
  CHECK_FALSE(after(LayerKind::concatenation, 1, swap) == "no error");
  const auto from_input = [](Layer& layer, Graph&) { layer.inputs[0] = 0; };
  for (const LayerKind kind : {LayerKind::convolution, LayerKind::instance_norm, LayerKind::leaky_relu}) {
    CHECK_FALSE(after(kind, 4, from_input) == "no error");
  }
  Graph longer = net::monai_unet(small());
  const std::uint32_t before = longer.outputs[0].layer;
  longer.layers.push_back(activation({before}));
  longer.outputs[0].layer = static_cast<std::uint32_t>(longer.layers.size() - 1);
  CHECK(
      contains(error_of([&] { recognise_unet(longer); }), "where the UNet has model.2.1: sum, it has: ReLU"));
  // What the output does not depend on is no part of the network.
  longer.outputs[0].layer = before;
  CHECK(error_of([&] { recognise_unet(longer); }) == "no error");
}

TEST_CASE("recognise unet: what is no UNet at all is told", "[infer]") {
  Graph flow;
  flow.layers.emplace_back();
  flow.outputs = {{"scores", 0}};
  CHECK(contains(error_of([&] { recognise_unet(flow); }), "no transposed convolution"));
  UNetSpec plain = small();
  Graph normless = net::monai_unet(plain);
  for (Layer& layer : normless.layers) {
    if (layer.kind == LayerKind::instance_norm) layer = activation(layer.inputs);
  }
  CHECK(contains(error_of([&] { recognise_unet(normless); }), "norms"));
  const auto steep = [](Layer& layer, Graph&) { layer.slope = 1.5; };
  CHECK(contains(after(LayerKind::leaky_relu, 0, steep), "negative slope of 1.5"));
}

}  // namespace
}  // namespace musclemap::infer
