// Sizes after torch.nn: Conv3d, ConvTranspose3d, MaxPool3d, AvgPool3d, Upsample.
#include "net/check_graph.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>

#include "musclemap/error.hpp"

namespace musclemap::net {
namespace {

constexpr std::int64_t kUnknown = -1;  // of a size
constexpr std::int64_t kLargestSize = std::int64_t{1} << 24;
constexpr std::int64_t kMostChannels = std::int64_t{1} << 20;
constexpr std::int64_t kMostValues = std::int64_t{1} << 34;  // of a map
constexpr std::int64_t kLargestStep = 65536;
constexpr int kLargestTap = 4096;

bool has_taps(LayerKind kind) {
  return kind == LayerKind::convolution || kind == LayerKind::transposed_convolution ||
         kind == LayerKind::max_pool || kind == LayerKind::average_pool || kind == LayerKind::upsampling;
}

std::size_t parameter_count(LayerKind kind) {
  switch (kind) {
    case LayerKind::convolution:
    case LayerKind::transposed_convolution:
    case LayerKind::linear:
    case LayerKind::instance_norm:
      return 2;
    case LayerKind::batch_norm:
      return 4;
    case LayerKind::prelu:
      return 1;
    default:
      return 0;
  }
}

/// One layer after the other; sizes may be unknown.
class Walk {
 public:
  Walk(const Graph& graph, std::vector<std::int64_t> sizes) : graph_(graph), sizes_(std::move(sizes)) {}

  std::vector<LayerShape> run() {
    if (graph_.axes != 2 && graph_.axes != 3) {
      throw Error(ErrorCode::model,
                  "the network has " + std::to_string(graph_.axes) + " spatial axes, not 2 or 3");
    }
    for (const Layer& layer : graph_.layers) {
      layer_ = &layer;
      check_references();
      const LayerShape shape = shape_of_layer();
      if (shape.channels < 1 || shape.channels > kMostChannels) {
        refuse("has " + std::to_string(shape.channels) + " channels");
      }
      check_values(shape);
      shapes_.push_back(shape);
    }
    check_ports();
    return std::move(shapes_);
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorCode::model, Reason::model,
                "the " + std::string(layer_name(layer_->kind)) + " '" + layer_->name + "' " + what);
  }

  void check_values(const LayerShape& shape) const {
    std::int64_t values = shape.channels;
    for (const std::int64_t size : shape.sizes) {
      if (size == kUnknown) return;
      if (values > kMostValues / size) refuse("makes a map of more than 17179869184 values");
      values *= size;
    }
  }

  void check_references() const {
    const Layer& layer = *layer_;
    for (const std::uint32_t input : layer.inputs) {
      if (input >= shapes_.size()) refuse("takes the map of a layer that does not come before it");
    }
    const bool joins = layer.kind == LayerKind::sum || layer.kind == LayerKind::concatenation;
    const std::size_t least = layer.kind == LayerKind::input ? 0 : layer.kind == LayerKind::sum ? 2 : 1;
    if (layer.inputs.size() < least ||
        (layer.kind != LayerKind::concatenation && layer.inputs.size() > least)) {
      refuse(std::string(joins ? "joins " : "takes ") + std::to_string(layer.inputs.size()) + " maps");
    }
    if (layer.parameters.size() != parameter_count(layer.kind)) {
      refuse("has " + std::to_string(layer.parameters.size()) + " parameters");
    }
    for (const std::uint32_t parameter : layer.parameters) {
      if (parameter != Layer::kNone && parameter >= graph_.parameters.size())
        refuse("has an unknown parameter");
    }
    if (has_taps(layer.kind)) check_taps();
  }

  void check_taps() const {
    const bool transposed = layer_->kind == LayerKind::transposed_convolution;
    const bool pools = layer_->kind == LayerKind::max_pool || layer_->kind == LayerKind::average_pool;
    if (layer_->taps.size() != axes()) {
      refuse("has settings of " + std::to_string(layer_->taps.size()) + " axes, not " +
             std::to_string(axes()));
    }
    for (const Taps& taps : layer_->taps) {
      const bool bounded = std::min({taps.kernel, taps.stride, taps.dilation}) >= 1 &&
                           std::min(taps.padding, taps.output_padding) >= 0 &&
                           std::max({taps.kernel, taps.stride, taps.dilation, taps.padding}) <= kLargestTap;
      if (!bounded) refuse("has a kernel, stride, padding or dilation that is not in use");
      if (taps.output_padding >= (transposed ? std::max(taps.stride, taps.dilation) : 1)) {
        refuse("has an output padding of " + std::to_string(taps.output_padding));
      }
      if (pools && 2 * taps.padding > taps.kernel) refuse("pads by more than half of its kernel");
      if (layer_->kind == LayerKind::average_pool && (taps.padding != 0 || taps.dilation != 1)) {
        refuse("pads or dilates, which is not supported");
      }
    }
  }

  std::size_t axes() const { return static_cast<std::size_t>(graph_.axes); }
  const LayerShape& in(std::size_t i = 0) const { return shapes_[layer_->inputs[i]]; }

  void check_parameter(std::size_t i, const std::vector<std::int64_t>& wanted) const {
    if (layer_->parameters[i] == Layer::kNone) return;
    const Parameter& parameter = graph_.parameters[layer_->parameters[i]];
    if (parameter.shape != wanted) {
      refuse("has '" + parameter.name + "' of shape " + shape_text(parameter.shape) + ", not " +
             shape_text(wanted));
    }
  }

  const std::vector<std::int64_t>& weight(std::size_t dimensions) const {
    if (layer_->parameters[0] == Layer::kNone) refuse("has no weight");
    const Parameter& parameter = graph_.parameters[layer_->parameters[0]];
    if (parameter.shape.size() != dimensions) {
      refuse("has '" + parameter.name + "' of shape " + shape_text(parameter.shape));
    }
    return parameter.shape;
  }

  void needs_map() const {
    if (in().is_vector()) refuse("takes a vector, not a map");
  }
  void needs_vector() const {
    if (!in().is_vector()) refuse("takes a map, not a vector");
  }

  LayerShape shape_of_layer() const {
    switch (layer_->kind) {
      case LayerKind::input:
        return {layer_->channels, sizes_};
      case LayerKind::convolution:
      case LayerKind::transposed_convolution:
        return convolution();
      case LayerKind::linear:
        needs_vector();
        return linear();
      case LayerKind::instance_norm:
        needs_map();
        check_instance_norm();
        return in();
      case LayerKind::batch_norm:
        for (const std::size_t statistic : {2, 3}) {
          if (layer_->parameters[statistic] == Layer::kNone) refuse("has no stored statistics");
        }
        for (std::size_t i = 0; i < layer_->parameters.size(); ++i) check_parameter(i, {in().channels});
        return in();
      case LayerKind::prelu:
        if (weight(1)[0] != 1) check_parameter(0, {in().channels});
        return in();
      case LayerKind::leaky_relu:
      case LayerKind::sigmoid:
        return in();
      case LayerKind::sum:
        return sum();
      case LayerKind::concatenation:
        return concatenation();
      case LayerKind::max_pool:
      case LayerKind::average_pool:
      case LayerKind::upsampling:
        needs_map();
        return {in().channels, swept()};
      case LayerKind::global_mean:
        needs_map();
        return {in().channels, {}};
      case LayerKind::unit_length:
        needs_vector();
        return in();
    }
    refuse("is of no known kind");
  }

  LayerShape convolution() const {
    needs_map();
    const bool transposed = layer_->kind == LayerKind::transposed_convolution;
    const std::vector<std::int64_t>& shape = weight(axes() + 2);
    const std::int64_t groups = layer_->groups;
    if (groups < 1 || in().channels % groups != 0) refuse("has " + std::to_string(groups) + " groups");
    const std::int64_t outputs = transposed ? shape[1] * std::min(groups, kMostChannels) : shape[0];
    if (!transposed && outputs % groups != 0) refuse("has " + std::to_string(groups) + " groups");
    std::vector<std::int64_t> wanted = {shape[0], in().channels / groups};
    if (transposed) wanted = {in().channels, shape[1]};
    for (const Taps& taps : layer_->taps) wanted.push_back(taps.kernel);
    check_parameter(0, wanted);
    check_parameter(1, {outputs});
    return {outputs, swept()};
  }

  LayerShape linear() const {
    const std::int64_t outputs = weight(2)[0];
    check_parameter(0, {outputs, in().channels});
    check_parameter(1, {outputs});
    return {outputs, {}};
  }

  void check_instance_norm() const {
    for (std::size_t i = 0; i < 2; ++i) check_parameter(i, {in().channels});
    if (std::all_of(in().sizes.begin(), in().sizes.end(), [](std::int64_t size) { return size == 1; })) {
      refuse("sees a single value");
    }
  }

  LayerShape sum() const {
    const LayerShape& a = in(0);
    const LayerShape& b = in(1);
    if (a.channels != b.channels) {
      refuse("adds " + std::to_string(a.channels) + " and " + std::to_string(b.channels) + " channels");
    }
    if (a.is_vector()) return b;
    if (!b.is_vector()) check_same_size(a, b);
    return a;
  }

  LayerShape concatenation() const {
    LayerShape result = in();
    for (std::size_t i = 1; i < layer_->inputs.size(); ++i) {
      if (in(i).is_vector() != result.is_vector()) refuse("joins a map and a vector");
      if (!result.is_vector()) check_same_size(result, in(i));
      result.channels += in(i).channels;  // both at most kMostChannels, and so is what comes of it
      if (result.channels > kMostChannels) refuse("has more than 1048576 channels");
    }
    return result;
  }

  void check_same_size(const LayerShape& a, const LayerShape& b) const {
    for (std::size_t axis = 0; axis < axes(); ++axis) {
      if (a.sizes[axis] == b.sizes[axis] || a.sizes[axis] == kUnknown || b.sizes[axis] == kUnknown) continue;
      refuse("joins maps of " + shape_text(a.sizes) + " and " + shape_text(b.sizes) +
             "; windows of multiples of " + shape_text(size_steps(graph_)) + " fit");
    }
  }

  std::vector<std::int64_t> swept() const {
    std::vector<std::int64_t> sizes = in().sizes;
    for (std::size_t axis = 0; axis < axes(); ++axis) {
      if (sizes[axis] == kUnknown) continue;
      sizes[axis] = size_after(sizes[axis], layer_->taps[axis]);
      if (sizes[axis] < 1 || sizes[axis] > kLargestSize) {
        refuse("makes " + std::to_string(sizes[axis]) + " of " + std::to_string(in().sizes[axis]) +
               " values");
      }
    }
    return sizes;
  }

  std::int64_t size_after(std::int64_t size, const Taps& taps) const {
    if (layer_->kind == LayerKind::upsampling) return size * taps.stride;
    const std::int64_t reach = std::int64_t{taps.dilation} * (taps.kernel - 1) + 1;
    if (layer_->kind == LayerKind::transposed_convolution) {
      return (size - 1) * taps.stride - 2 * std::int64_t{taps.padding} + reach + taps.output_padding;
    }
    const std::int64_t room = size + 2 * std::int64_t{taps.padding} - reach;
    return room < 0 ? 0 : room / taps.stride + 1;
  }

  void check_ports() const {
    const auto misfit = [](const std::string& what) { throw Error(ErrorCode::model, Reason::model, what); };
    std::size_t inputs = 0;
    for (const Layer& layer : graph_.layers) inputs += layer.kind == LayerKind::input ? 1 : 0;
    if (graph_.inputs.empty() || graph_.inputs.size() != inputs)
      misfit("the network's inputs are not its ports");
    if (graph_.outputs.empty()) misfit("the network has no output");
    for (const Port& port : graph_.inputs) {
      if (port.layer >= shapes_.size() || graph_.layers[port.layer].kind != LayerKind::input) {
        misfit("the port '" + port.name + "' is no input");
      }
    }
    for (const Port& port : graph_.outputs) {
      if (port.layer >= shapes_.size()) misfit("the port '" + port.name + "' is no layer's");
    }
  }

  const Graph& graph_;
  std::vector<std::int64_t> sizes_;
  std::vector<LayerShape> shapes_;
  const Layer* layer_ = nullptr;
};

/// How many values of the input stand for how many of a map, without common factors.
struct Scale {
  std::int64_t values = 1;
  std::int64_t of = 1;
};

}  // namespace

void check_graph(const Graph& graph) { layer_channels(graph); }

std::vector<std::int64_t> layer_channels(const Graph& graph) {
  std::vector<std::int64_t> channels;
  channels.reserve(graph.layers.size());
  for (const LayerShape& shape :
       Walk(graph, std::vector<std::int64_t>(graph.axes == 2 ? 2 : 3, kUnknown)).run()) {
    channels.push_back(shape.channels);
  }
  return channels;
}

std::vector<LayerShape> layer_shapes(const Graph& graph, const std::vector<std::int64_t>& sizes) {
  const auto sane = [](std::int64_t size) { return size >= 1 && size <= kLargestSize; };
  if (static_cast<int>(sizes.size()) != graph.axes || !std::all_of(sizes.begin(), sizes.end(), sane)) {
    throw Error(ErrorCode::model, Reason::model,
                "a window of " + shape_text(sizes) + " is no input of the network");
  }
  return Walk(graph, sizes).run();
}

std::vector<std::int64_t> size_steps(const Graph& graph) {
  std::vector<std::int64_t> steps(static_cast<std::size_t>(graph.axes), 1);
  for (std::size_t axis = 0; axis < steps.size(); ++axis) {
    std::vector<Scale> scales;
    for (const Layer& layer : graph.layers) {
      Scale scale = layer.inputs.empty() ? Scale() : scales[layer.inputs[0]];
      // A vector has no size that could fit.
      for (const std::uint32_t input : layer.inputs) {
        if (scales[input].values > scale.values) scale = scales[input];
      }
      if (has_taps(layer.kind)) {
        const bool grows =
            layer.kind == LayerKind::transposed_convolution || layer.kind == LayerKind::upsampling;
        (grows ? scale.of : scale.values) *= layer.taps[axis].stride;
        const std::int64_t common = std::gcd(scale.values, scale.of);
        scale = {scale.values / common, scale.of / common};
      }
      if (layer.kind == LayerKind::global_mean) scale = {};
      steps[axis] = std::lcm(steps[axis], scale.values);
      if (steps[axis] > kLargestStep || scale.of > kLargestStep) {
        throw Error(ErrorCode::model, Reason::model, "the network's strides multiply to more than 65536");
      }
      scales.push_back(scale);
    }
  }
  return steps;
}

}  // namespace musclemap::net
