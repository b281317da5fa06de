// Operators and the order of their arguments after aten/src/ATen/native/native_functions.yaml.
#include "io/weights/torchscript/layers.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_set>
#include <utility>

#include "base/text.hpp"

namespace musclemap::io {
namespace {

using Kind = ScriptValue::Kind;
using net::Layer;
using net::LayerKind;
using net::Taps;

constexpr std::size_t kMostLayers = 4096;
constexpr std::size_t kAxesOfKernelsInSpace = 5;
// Only these are what the same numbers in 32-bit floats compute.
constexpr const char* kFloats = "torch.FloatStorage";

Layer layer_of(LayerKind kind, std::vector<std::uint32_t> inputs = {}) {
  Layer layer;
  layer.kind = kind;
  layer.inputs = std::move(inputs);
  return layer;
}

bool has_kernels_in_space(const PickleTree& tree) {
  return std::any_of(tree.nodes.begin(), tree.nodes.end(), [&](const PickleNode& node) {
    return node.kind == PickleKind::tensor && tree[node.items[2]].items.size() == kAxesOfKernelsInSpace;
  });
}

/// Names that the tensors of a module and of the modules in it have in its state dict, each a name of its
/// own.
class TensorNames {
 public:
  explicit TensorNames(const PickleTree& tree) : tree_(tree) { visit(tree.root, "", 0); }
  std::unordered_map<std::uint32_t, std::string> take() { return std::move(names_); }

 private:
  void visit(std::uint32_t node, const std::string& name, int depth) {
    constexpr int kMostInside = 64;
    const PickleNode& pickled = tree_[node];
    if (pickled.kind == PickleKind::tensor && taken_.insert(name).second) names_.emplace(node, name);
    if (pickled.kind != PickleKind::object || depth == kMostInside || !objects_.insert(node).second) return;
    for (std::size_t i = 0; i + 1 < pickled.items.size(); i += 2) {
      const PickleNode& key = tree_[pickled.items[i]];
      if (key.kind != PickleKind::text) continue;
      visit(pickled.items[i + 1], name + (name.empty() ? "" : ".") + base::printable(key.text, 80),
            depth + 1);
    }
  }

  const PickleTree& tree_;
  std::unordered_map<std::uint32_t, std::string> names_;
  std::unordered_set<std::uint32_t> objects_;
  std::unordered_set<std::string> taken_;
};

}  // namespace

TorchScriptLayers::TorchScriptLayers(const PickleTree& tree) : tree_(tree), names_(TensorNames(tree).take()) {
  graph_.axes = has_kernels_in_space(tree) ? 3 : 2;
}

Layer TorchScriptLayers::swept_layer(LayerKind kind) const {
  Layer layer = layer_of(kind);
  layer.taps.resize(static_cast<std::size_t>(graph_.axes));
  return layer;
}

std::vector<std::int64_t> TorchScriptLayers::ones() const {
  return std::vector<std::int64_t>(static_cast<std::size_t>(graph_.axes), 1);
}

ScriptValue TorchScriptLayers::add(Layer layer, const ScriptValue& like) {
  if (graph_.layers.size() == kMostLayers) refuse_network("it has more than 4096 layers");
  const bool makes_vector = layer.kind == LayerKind::global_mean;
  bool only_vectors = !layer.inputs.empty();
  for (const std::uint32_t input : layer.inputs) only_vectors = only_vectors && vector_[input];
  if (layer.name.empty()) layer.name = std::to_string(graph_.layers.size());
  graph_.layers.push_back(std::move(layer));
  vector_.push_back(makes_vector || only_vectors);
  used_.push_back(false);
  overwritten_.push_back(false);
  return ScriptValue::of_map(static_cast<std::uint32_t>(graph_.layers.size() - 1), like.integer);
}

ScriptValue TorchScriptLayers::input(const std::string& port) {
  Layer layer = layer_of(LayerKind::input);
  layer.name = base::printable(port, 80);
  const std::string name = layer.name;
  ScriptValue map = add(std::move(layer), ScriptValue::of_map(0, axes_of_maps()));
  graph_.inputs.push_back({name, map.index});
  return map;
}

bool TorchScriptLayers::is_vector(const ScriptValue& value) const {
  return value.is(Kind::map) && vector_[value.index];
}

std::uint32_t TorchScriptLayers::map(const ScriptValue& value, const Call& call) {
  if (!value.is(Kind::map)) call.refuse("takes something other than the map of a layer");
  if (overwritten_[value.index]) call.refuse("takes a map that another operator has overwritten");
  used_[value.index] = true;
  return value.index;
}

// In place: nothing else may have seen the map before, nothing may see it after.
std::uint32_t TorchScriptLayers::overwritten_map(const ScriptValue& value, const Call& call) {
  if (value.is(Kind::map) && (graph_.layers[value.index].kind == LayerKind::input || used_[value.index])) {
    call.refuse("overwrites a map that is used elsewhere");
  }
  const std::uint32_t layer = map(value, call);
  overwritten_[layer] = true;
  return layer;
}

std::uint32_t TorchScriptLayers::returned(const ScriptValue& map) const {
  if (overwritten_[map.index]) refuse_network("it returns a map that another operator has overwritten");
  return map.index;
}

std::uint32_t TorchScriptLayers::tensor(const ScriptValue& value, const Call& call) {
  if (value.is(Kind::none)) return Layer::kNone;
  if (!value.is(Kind::weights)) call.refuse("takes weights that are no tensor of the archive");
  const auto known = known_tensors_.find(value.index);
  if (known != known_tensors_.end()) return known->second;
  const PickleNode& pickled = tree_[value.index];
  const std::string& type = tree_[tree_[pickled.items[0]].items[0]].text;
  if (type != kFloats) call.refuse("takes weights of type " + base::printable(type, 40));
  std::vector<std::int64_t> shape;
  for (const std::uint32_t size : tree_[pickled.items[2]].items) shape.push_back(tree_[size].integer);
  const auto index = static_cast<std::uint32_t>(tensors_.size());
  tensors_.push_back(value.index);
  std::string& name = names_[value.index];
  if (name.empty()) name = "tensor " + std::to_string(index);
  graph_.parameters.push_back({name, std::move(shape)});
  known_tensors_.emplace(value.index, index);
  return index;
}

// Input, weight and bias are the first arguments of every convolution.
ScriptValue TorchScriptLayers::add_convolution(Layer layer, const Call& call) {
  const ScriptValue bias = call.given(2) ? call.at(2) : ScriptValue::of(Kind::none, 0);
  layer.inputs = {map(call.at(0), call)};
  layer.parameters = {tensor(call.at(1), call), tensor(bias, call)};
  if (layer.parameters[0] == Layer::kNone) call.refuse("has no weight");
  const std::vector<std::int64_t>& shape = graph_.parameters[layer.parameters[0]].shape;
  for (std::size_t axis = 0; axis < layer.taps.size(); ++axis) {
    if (axis + 2 < shape.size()) layer.taps[axis].kernel = call.whole(shape[axis + 2]);
  }
  return add(std::move(layer), call.at(0));
}

ScriptValue TorchScriptLayers::plain_convolution(const Call& call) {
  Layer layer = swept_layer(LayerKind::convolution);
  call.each_axis(3, &Taps::stride, &layer);
  call.each_axis(4, &Taps::padding, &layer);
  call.each_axis(5, &Taps::dilation, &layer);
  layer.groups = call.count(6);
  return add_convolution(std::move(layer), call);
}

ScriptValue TorchScriptLayers::transposed_convolution(const Call& call) {
  Layer layer = swept_layer(LayerKind::transposed_convolution);
  call.each_axis(3, &Taps::stride, &layer);
  call.each_axis(4, &Taps::padding, &layer);
  call.each_axis(5, &Taps::output_padding, &layer);
  layer.groups = call.count(6);
  call.each_axis(7, &Taps::dilation, &layer);
  return add_convolution(std::move(layer), call);
}

// What tracing leaves of both. A convolution has zeros for the padding of its output.
ScriptValue TorchScriptLayers::convolution(const Call& call) {
  const bool transposed = call.flag(6, false);
  Layer layer = swept_layer(transposed ? LayerKind::transposed_convolution : LayerKind::convolution);
  call.each_axis(3, &Taps::stride, &layer);
  call.each_axis(4, &Taps::padding, &layer);
  call.each_axis(5, &Taps::dilation, &layer);
  call.each_axis(7, &Taps::output_padding, &layer);
  layer.groups = call.count(8);
  return add_convolution(std::move(layer), call);
}

ScriptValue TorchScriptLayers::norm(const Call& call, bool batch) {
  const bool of_map = call.flag(5, false);
  if (batch && of_map) call.refuse("is that of a network in training");
  if (!batch && !of_map) call.refuse("takes stored statistics");
  Layer layer = layer_of(batch ? LayerKind::batch_norm : LayerKind::instance_norm, {map(call.at(0), call)});
  layer.parameters = {tensor(call.at(1), call), tensor(call.at(2), call)};
  if (batch) {
    for (const std::size_t place : {3, 4}) layer.parameters.push_back(tensor(call.at(place), call));
  }
  layer.epsilon = call.number(7, 1e-5);
  return add(std::move(layer), call.at(0));
}

ScriptValue TorchScriptLayers::rectified(const Call& call, double slope, bool in_place) {
  const ScriptValue& x = call.at(0);
  Layer layer = layer_of(LayerKind::leaky_relu, {in_place ? overwritten_map(x, call) : map(x, call)});
  layer.slope = slope;
  return add(std::move(layer), x);
}

ScriptValue TorchScriptLayers::concatenation(const Call& call) {
  const ScriptValue& maps = call.at(0);
  if (!maps.is_list() || maps.items->empty() || call.number(1, 0) != 1) call.refuse("does not join channels");
  Layer layer = layer_of(LayerKind::concatenation);
  for (const ScriptValue& each : *maps.items) {
    layer.inputs.push_back(map(each, call));
    if (each.integer != (*maps.items)[0].integer) call.refuse("joins maps of several numbers of axes");
  }
  return add(std::move(layer), (*maps.items)[0]);
}

ScriptValue TorchScriptLayers::sum(const Call& call, bool in_place) {
  if (call.number(2, 1) != 1) call.refuse("weights a map");
  const ScriptValue& a = call.at(0);
  const ScriptValue& b = call.at(1);
  const std::uint32_t first = in_place ? overwritten_map(a, call) : map(a, call);
  const std::uint32_t second = map(b, call);
  // Behind the channels of a vector of fewer axes would stand those of the map.
  if (a.integer != b.integer) call.refuse("adds maps of several numbers of axes");
  if (in_place && is_vector(a) && !is_vector(b)) call.refuse("makes a map of a vector in place");
  return add(layer_of(LayerKind::sum, {first, second}), a);
}

ScriptValue TorchScriptLayers::linear(const Call& call) {
  if (call.at(0).is(Kind::map) && call.at(0).integer != 2) call.refuse("takes a map, not a vector");
  Layer layer = layer_of(LayerKind::linear, {map(call.at(0), call)});
  const ScriptValue bias = call.given(2) ? call.at(2) : ScriptValue::of(Kind::none, 0);
  layer.parameters = {tensor(call.at(1), call), tensor(bias, call)};
  return add(std::move(layer), call.at(0));
}

ScriptValue TorchScriptLayers::max_pool(const Call& call) {
  Layer layer = swept_layer(LayerKind::max_pool);
  layer.inputs = {map(call.at(0), call)};
  call.each_axis(1, &Taps::kernel, &layer);
  for (Taps& taps : layer.taps) taps.stride = taps.kernel;
  call.each_axis(2, &Taps::stride, &layer);
  call.each_axis(3, &Taps::padding, &layer);
  call.each_axis(4, &Taps::dilation, &layer);
  if (call.flag(5, false)) call.refuse("rounds sizes up");
  return add(std::move(layer), call.at(0));
}

ScriptValue TorchScriptLayers::average_pool(const Call& call) {
  const ScriptValue& x = call.at(0);
  const ScriptValue& kernel = call.at(1);
  const auto is_extent = [&](std::size_t axis) {
    const ScriptValue& size = (*kernel.items)[axis];
    return size.is(Kind::extent) && size.index == x.index &&
           size.integer == static_cast<std::int64_t>(axis + 2);
  };
  if (call.flag(4, false)) call.refuse("rounds sizes up");
  if (call.given(6)) call.refuse("divides by a number of its own");
  Layer layer = swept_layer(LayerKind::average_pool);
  call.each_axis(3, &Taps::padding, &layer);
  bool whole = kernel.is_list() && kernel.items->size() == layer.taps.size() && x.is(Kind::map);
  for (std::size_t axis = 0; whole && axis < layer.taps.size(); ++axis) whole = is_extent(axis);
  if (whole) {
    for (const Taps& taps : layer.taps) {
      if (taps.padding != 0) call.refuse("pads the mean over space");
    }
    return mean_over_space(call, true);
  }
  layer.inputs = {map(x, call)};
  call.each_axis(1, &Taps::kernel, &layer);
  for (Taps& taps : layer.taps) taps.stride = taps.kernel;
  call.each_axis(2, &Taps::stride, &layer);
  return add(std::move(layer), x);
}

// LibTorch finds the value to repeat by a product in 32 bits, which is exact for small factors.
ScriptValue TorchScriptLayers::upsampling(const Call& call) {
  constexpr double kLargestFactor = 16;
  if (call.given(1)) call.refuse("has a size that only running it tells");
  const ScriptValue& factors = call.at(2);
  Layer layer = swept_layer(LayerKind::upsampling);
  if (!factors.is_list() || factors.items->size() != layer.taps.size())
    call.refuse("has factors that are not known");
  for (std::size_t axis = 0; axis < layer.taps.size(); ++axis) {
    const ScriptValue& factor = (*factors.items)[axis];
    const double value = factor.is(Kind::integer) ? static_cast<double>(factor.integer) : factor.real;
    if (!(value >= 1 && value <= kLargestFactor) || value != static_cast<double>(static_cast<int>(value))) {
      call.refuse("has a factor that is not a whole number up to 16");
    }
    layer.taps[axis].stride = static_cast<int>(value);
  }
  layer.inputs = {map(call.at(0), call)};
  return add(std::move(layer), call.at(0));
}

ScriptValue TorchScriptLayers::mean_over_space(const Call& call, bool keeps_axes) {
  if (is_vector(call.at(0))) call.refuse("takes a vector, not a map");
  Layer layer = layer_of(LayerKind::global_mean, {map(call.at(0), call)});
  return add(std::move(layer), ScriptValue::of_map(0, keeps_axes ? axes_of_maps() : 2));
}

ScriptValue TorchScriptLayers::mean(const Call& call) {
  std::vector<std::int64_t> space = ones();
  std::iota(space.begin(), space.end(), 2);
  if (call.axes(1, axes_of_maps()) != space) call.refuse("is no mean over space");
  if (call.given(3)) call.refuse("has a type of its own");
  return mean_over_space(call, call.flag(2, false));
}

// Axes of size 1 behind the channels of a vector come and go; whole slices are what they are cut from.
bool TorchScriptLayers::reshape(const std::string& name, const ScriptArguments& arguments,
                                ScriptValue* result) const {
  if (arguments.values.empty()) return false;
  const ScriptValue& x = arguments.values[0];
  const bool vector = is_vector(x);
  *result = x;
  if (name == "slice" && x.is(Kind::map)) {
    constexpr std::int64_t kEnd = 9223372036854775807;
    const OperatorCall call(name, arguments, {"self", "dim", "start", "end", "step"});
    const bool whole = (!call.given(2) || call.number(2, 0) == 0) &&
                       (!call.given(3) || (call.at(3).is(Kind::integer) && call.at(3).integer == kEnd)) &&
                       call.number(4, 1) == 1;
    if (!whole) call.refuse("cuts a map");
    return true;
  }
  if (name == "unsqueeze" && vector) {
    const OperatorCall call(name, arguments, {"self", "dim"});
    if (call.axes(1, x.integer + 1)[0] < 2 || x.integer == axes_of_maps())
      call.refuse("adds an axis before channels");
    ++result->integer;
    return true;
  }
  if (name == "squeeze" && vector) {
    const OperatorCall call(name, arguments, {"self", "dim"});
    const std::vector<std::int64_t> axes = call.axes(1, x.integer);
    if (axes.empty() || axes[0] < 2 || axes.back() >= x.integer) call.refuse("takes an axis of channels");
    result->integer -= static_cast<std::int64_t>(axes.size());
    return true;
  }
  if (name == "flatten" && vector) {
    const OperatorCall call(name, arguments, {"self", "start_dim", "end_dim"});
    if (call.count(1, 0) != 1 || call.count(2, -1) != -1) call.refuse("does not keep channels");
    result->integer = 2;
    return true;
  }
  return false;
}

// v / (sum(v^2) over channels)^0.5, part by part.
bool TorchScriptLayers::divide_by_length(const std::string& name, const ScriptArguments& arguments,
                                         ScriptValue* result) {
  if (arguments.values.empty()) return false;
  const ScriptValue& x = arguments.values[0];
  const auto becomes = [&](Kind kind) {
    *result = ScriptValue::of_map(x.index, x.integer, kind);
    return true;
  };
  if (name == "pow") {
    const OperatorCall call(name, arguments, {"self", "exponent"});
    const double exponent = call.number(1, 0);
    if (is_vector(x) && exponent == 2) return becomes(Kind::squares);
    if (x.is(Kind::squared_length) && exponent == 0.5) return becomes(Kind::length);
  }
  if (name == "square" && is_vector(x)) return becomes(Kind::squares);
  if (name == "sqrt" && x.is(Kind::squared_length)) return becomes(Kind::length);
  if (name == "sum" && x.is(Kind::squares)) {
    const OperatorCall call(name, arguments, {"self", "dim", "keepdim", "dtype"});
    if (call.axes(1, x.integer) != std::vector<std::int64_t>{1} || !call.flag(2, false) || call.given(3)) {
      call.refuse("is no sum over channels");
    }
    return becomes(Kind::squared_length);
  }
  if (name == "div" && is_vector(x)) {
    const OperatorCall call(name, arguments, {"self", "other"});
    const ScriptValue& length = call.at(1);
    if (!length.is(Kind::length) || length.index != x.index || length.integer != x.integer) {
      call.refuse("divides by something other than the length of a vector");
    }
    *result = add(layer_of(LayerKind::unit_length, {map(x, call)}), x);
    return true;
  }
  return false;
}

ScriptValue TorchScriptLayers::call(const std::string& name, const ScriptArguments& arguments) {
  const auto with = [&](std::vector<std::string> parameters) {
    return Call(name, arguments, std::move(parameters));
  };
  const bool in_place = name.back() == '_';
  const std::string operation = in_place ? name.substr(0, name.size() - 1) : name;
  const std::string number = std::to_string(graph_.axes) + "d";
  const auto is_swept = [&](const std::string& kind) { return name == kind + number; };
  ScriptValue result;
  if (reshape(name, arguments, &result) || divide_by_length(name, arguments, &result)) return result;
  if (is_swept("conv")) {
    return plain_convolution(with({"input", "weight", "bias", "stride", "padding", "dilation", "groups"}));
  }
  if (is_swept("conv_transpose")) {
    return transposed_convolution(
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
  if (operation == "leaky_relu" || operation == "relu") {
    const Call call = with({"self", "negative_slope"});
    return rectified(call, operation == "relu" ? 0 : call.number(1, 0.01), in_place);
  }
  if (name == "prelu") {
    const Call call = with({"self", "weight"});
    Layer layer = layer_of(LayerKind::prelu, {map(call.at(0), call)});
    layer.parameters = {tensor(call.at(1), call)};
    return add(std::move(layer), call.at(0));
  }
  if (operation == "sigmoid") {
    const Call call = with({"self"});
    const ScriptValue& x = call.at(0);
    return add(layer_of(LayerKind::sigmoid, {in_place ? overwritten_map(x, call) : map(x, call)}), x);
  }
  if (operation == "dropout") {
    const Call call = with({"input", "p", "train"});
    if (call.number(1, 0.5) != 0 && call.flag(2, true)) call.refuse("is that of a network in training");
    if (!call.at(0).is(Kind::map)) call.refuse("takes something other than the map of a layer");
    return call.at(0);
  }
  if (operation == "add") return sum(with({"self", "other", "alpha"}), in_place);
  if (name == "cat") return concatenation(with({"tensors", "dim"}));
  if (name == "linear") return linear(with({"input", "weight", "bias"}));
  if (is_swept("max_pool")) {
    return max_pool(with({"self", "kernel_size", "stride", "padding", "dilation", "ceil_mode"}));
  }
  if (is_swept("avg_pool")) {
    return average_pool(with(
        {"self", "kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override"}));
  }
  if (is_swept("adaptive_avg_pool")) {
    const Call call = with({"self", "output_size"});
    if (call.axes(1, 0) != ones()) call.refuse("is no mean over space");
    return mean_over_space(call, true);
  }
  if (name == "mean") return mean(with({"self", "dim", "keepdim", "dtype"}));
  if (is_swept("upsample_nearest")) {
    return upsampling(with({"input", "output_size", "scale_factors"}));
  }
  refuse_network("it calls torch." + base::printable(name, 40) + ", which is no known layer");
}

}  // namespace musclemap::io
