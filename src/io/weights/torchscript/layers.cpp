// Operators and the order of their arguments after aten/src/ATen/native/native_functions.yaml.
#include "io/weights/torchscript/layers.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

using Kind = ScriptValue::Kind;
using net::Layer;
using net::LayerKind;
using net::Taps;

constexpr std::size_t kMostLayers = 4096;
// Only these are what the same numbers in 32-bit floats compute.
constexpr const char* kFloats = "torch.FloatStorage";

[[noreturn]] void refuse_network(const std::string& message) {
  throw Error(ErrorCode::unsupported, Reason::unsupported, message);
}

Layer layer_of(LayerKind kind, std::vector<std::uint32_t> inputs = {}) {
  Layer layer;
  layer.kind = kind;
  layer.inputs = std::move(inputs);
  if (kind == LayerKind::convolution || kind == LayerKind::transposed_convolution) layer.taps.resize(2);
  return layer;
}

}  // namespace

/// Arguments of one operator, by position or name.
class TorchScriptLayers::Call {
 public:
  Call(std::string name, const ScriptArguments& arguments, std::vector<std::string> parameters)
      : name_(std::move(name)), values_(parameters.size()) {
    for (std::size_t i = 0; i < arguments.values.size(); ++i) {
      std::size_t place = i;
      if (!arguments.keywords[i].empty()) {
        const auto found = std::find(parameters.begin(), parameters.end(), arguments.keywords[i]);
        place = static_cast<std::size_t>(found - parameters.begin());
      }
      if (place >= values_.size()) refuse_call("has more arguments than are known");
      values_[place] = &arguments.values[i];
    }
  }

  [[noreturn]] void refuse_call(const std::string& what) const {
    refuse_network("a call of torch." + base::printable(name_, 40) + " " + what);
  }

  const ScriptValue& at(std::size_t place) const {
    if (values_[place] == nullptr) refuse_call("lacks an argument");
    return *values_[place];
  }
  bool given(std::size_t place) const { return values_[place] != nullptr && !values_[place]->is(Kind::none); }
  double number(std::size_t place, double otherwise) const {
    if (values_[place] == nullptr) return otherwise;
    const ScriptValue& value = *values_[place];
    if (value.is(Kind::real)) return value.real;
    if (!value.is(Kind::integer) && !value.is(Kind::boolean)) refuse_call("has a setting that is not known");
    return static_cast<double>(value.integer);
  }
  bool flag(std::size_t place, bool otherwise) const { return number(place, otherwise ? 1 : 0) != 0; }
  int count(std::size_t place) const {
    if (values_[place] == nullptr) return 1;
    if (!values_[place]->is(Kind::integer)) refuse_call("has a setting that is not known");
    return whole(values_[place]->integer);
  }
  /// Whole numbers for rows and columns, into that setting of a layer.
  void pair(std::size_t place, int Taps::*setting, Layer* layer) const {
    if (values_[place] == nullptr) return;
    const ScriptValue& list = *values_[place];
    if (!list.is(Kind::list) || list.items->size() != 2) {
      refuse_call(list.is(Kind::list) && list.items->size() == 3
                      ? "is in three dimensions"
                      : "has a setting that is not two whole numbers");
    }
    for (std::size_t axis = 0; axis < 2; ++axis) {
      if (!(*list.items)[axis].is(Kind::integer)) refuse_call("has a setting that is not two whole numbers");
      layer->taps[axis].*setting = whole((*list.items)[axis].integer);
    }
  }

  int whole(std::int64_t number) const {
    constexpr std::int64_t kFar = 1 << 20;
    if (number < -kFar || number > kFar) refuse_call("has a setting of " + std::to_string(number));
    return static_cast<int>(number);
  }

 private:
  std::string name_;
  std::vector<const ScriptValue*> values_;
};

TorchScriptLayers::TorchScriptLayers(const PickleTree& tree) : tree_(tree) { add(Layer()); }

ScriptValue TorchScriptLayers::add(Layer layer) {
  if (graph_.layers.size() == kMostLayers) refuse_network("it has more than 4096 layers");
  graph_.layers.push_back(std::move(layer));
  used_.push_back(false);
  overwritten_.push_back(false);
  return ScriptValue::of(Kind::map, static_cast<std::uint32_t>(graph_.layers.size() - 1));
}

std::uint32_t TorchScriptLayers::map(const ScriptValue& value, const Call& call) {
  if (!value.is(Kind::map)) call.refuse_call("takes something other than the map of a layer");
  if (overwritten_[value.index]) call.refuse_call("takes a map that another operator has overwritten");
  used_[value.index] = true;
  return value.index;
}

// In place: nothing else may have seen the map before, nothing may see it after.
std::uint32_t TorchScriptLayers::overwritten_map(const ScriptValue& value, const Call& call) {
  if (value.is(Kind::map) && (value.index == 0 || used_[value.index])) {
    call.refuse_call("overwrites a map that is used elsewhere");
  }
  const std::uint32_t layer = map(value, call);
  overwritten_[layer] = true;
  return layer;
}

std::uint32_t TorchScriptLayers::tensor(const ScriptValue& value, const Call& call) {
  if (value.is(Kind::none)) return Layer::kNone;
  if (!value.is(Kind::weights)) call.refuse_call("takes weights that are no tensor of the archive");
  const auto known = known_tensors_.find(value.index);
  if (known != known_tensors_.end()) return known->second;
  const PickleNode& pickled = tree_[value.index];
  const std::string& type = tree_[tree_[pickled.items[0]].items[0]].text;
  if (type != kFloats) call.refuse_call("takes weights of type " + base::printable(type, 40));
  std::vector<std::int64_t> shape;
  for (const std::uint32_t size : tree_[pickled.items[2]].items) shape.push_back(tree_[size].integer);
  const auto index = static_cast<std::uint32_t>(tensors_.size());
  tensors_.push_back(value.index);
  graph_.parameters.push_back({"tensor " + std::to_string(index), std::move(shape)});
  known_tensors_.emplace(value.index, index);
  return index;
}

// Input, weight and bias are the first arguments of every convolution.
ScriptValue TorchScriptLayers::add_convolution(Layer layer, const Call& call) {
  const ScriptValue bias = call.given(2) ? call.at(2) : ScriptValue::of(Kind::none, 0);
  layer.inputs = {map(call.at(0), call)};
  layer.parameters = {tensor(call.at(1), call), tensor(bias, call)};
  if (layer.parameters[0] == Layer::kNone) call.refuse_call("has no weight");
  const std::vector<std::int64_t>& shape = graph_.parameters[layer.parameters[0]].shape;
  for (std::size_t axis = 0; axis < layer.taps.size(); ++axis) {
    if (axis + 2 < shape.size()) layer.taps[axis].kernel = call.whole(shape[axis + 2]);
  }
  return add(std::move(layer));
}

ScriptValue TorchScriptLayers::conv2d(const Call& call) {
  Layer layer = layer_of(LayerKind::convolution);
  call.pair(3, &Taps::stride, &layer);
  call.pair(4, &Taps::padding, &layer);
  call.pair(5, &Taps::dilation, &layer);
  layer.groups = call.count(6);
  return add_convolution(std::move(layer), call);
}

ScriptValue TorchScriptLayers::conv_transpose2d(const Call& call) {
  Layer layer = layer_of(LayerKind::transposed_convolution);
  call.pair(3, &Taps::stride, &layer);
  call.pair(4, &Taps::padding, &layer);
  call.pair(5, &Taps::output_padding, &layer);
  layer.groups = call.count(6);
  call.pair(7, &Taps::dilation, &layer);
  return add_convolution(std::move(layer), call);
}

// What tracing leaves of both.
ScriptValue TorchScriptLayers::convolution(const Call& call) {
  const bool transposed = call.flag(6, false);
  Layer layer = layer_of(transposed ? LayerKind::transposed_convolution : LayerKind::convolution);
  call.pair(3, &Taps::stride, &layer);
  call.pair(4, &Taps::padding, &layer);
  call.pair(5, &Taps::dilation, &layer);
  call.pair(7, &Taps::output_padding, &layer);
  layer.groups = call.count(8);
  return add_convolution(std::move(layer), call);
}

ScriptValue TorchScriptLayers::norm(const Call& call, bool batch) {
  const bool of_map = call.flag(5, false);
  if (batch && of_map) call.refuse_call("is that of a network in training");
  if (!batch && !of_map) call.refuse_call("takes stored statistics");
  Layer layer = layer_of(batch ? LayerKind::batch_norm : LayerKind::instance_norm);
  layer.inputs = {map(call.at(0), call)};
  layer.parameters = {tensor(call.at(1), call), tensor(call.at(2), call)};
  if (batch) {
    for (const std::size_t place : {3, 4}) layer.parameters.push_back(tensor(call.at(place), call));
  }
  layer.epsilon = call.number(7, 1e-5);
  return add(std::move(layer));
}

ScriptValue TorchScriptLayers::leaky_relu(const Call& call, double slope) {
  Layer layer = layer_of(LayerKind::leaky_relu, {map(call.at(0), call)});
  layer.slope = slope;
  return add(std::move(layer));
}

ScriptValue TorchScriptLayers::concatenation(const Call& call) {
  const ScriptValue& maps = call.at(0);
  if (!maps.is(Kind::list) || call.number(1, 0) != 1) call.refuse_call("does not join channels");
  Layer layer = layer_of(LayerKind::concatenation);
  for (const ScriptValue& each : *maps.items) layer.inputs.push_back(map(each, call));
  return add(std::move(layer));
}

ScriptValue TorchScriptLayers::call(const std::string& name, const ScriptArguments& arguments) {
  const auto with = [&](std::vector<std::string> parameters) {
    return Call(name, arguments, std::move(parameters));
  };
  if (name == "conv2d") {
    return conv2d(with({"input", "weight", "bias", "stride", "padding", "dilation", "groups"}));
  }
  if (name == "conv_transpose2d") {
    return conv_transpose2d(
        with({"input", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation"}));
  }
  if (name == "_convolution") {
    return convolution(
        with({"input", "weight", "bias", "stride", "padding", "dilation", "transposed", "output_padding",
              "groups", "benchmark", "deterministic", "cudnn_enabled", "allow_tf32"}));
  }
  if (name == "instance_norm" || name == "batch_norm") {
    return norm(with({"input", "weight", "bias", "running_mean", "running_var", "use_input_stats", "momentum",
                      "eps", "cudnn_enabled"}),
                name == "batch_norm");
  }
  if (name == "leaky_relu" || name == "leaky_relu_" || name == "relu" || name == "relu_") {
    const Call call = with({"self", "negative_slope"});
    const double slope = name[0] == 'l' ? call.number(1, 0.01) : 0;
    if (name.back() != '_') return leaky_relu(call, slope);
    Layer layer = layer_of(LayerKind::leaky_relu, {overwritten_map(call.at(0), call)});
    layer.slope = slope;
    return add(std::move(layer));
  }
  if (name == "prelu") {
    const Call call = with({"self", "weight"});
    Layer layer = layer_of(LayerKind::prelu, {map(call.at(0), call)});
    layer.parameters = {tensor(call.at(1), call)};
    return add(std::move(layer));
  }
  if (name == "dropout" || name == "dropout_") {
    const Call call = with({"input", "p", "train"});
    if (call.number(1, 0.5) != 0 && call.flag(2, true)) call.refuse_call("is that of a network in training");
    if (!call.at(0).is(Kind::map)) call.refuse_call("takes something other than the map of a layer");
    return call.at(0);
  }
  if (name == "add") {
    const Call call = with({"self", "other", "alpha"});
    if (call.number(2, 1) != 1) call.refuse_call("weights a map");
    const std::uint32_t first = map(call.at(0), call);
    return add(layer_of(LayerKind::sum, {first, map(call.at(1), call)}));
  }
  if (name == "cat") return concatenation(with({"tensors", "dim"}));
  refuse_network("it calls torch." + base::printable(name, 40) + ", which is no layer of a UNet");
}

}  // namespace musclemap::io
