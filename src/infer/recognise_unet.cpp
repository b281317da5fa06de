#include "infer/recognise_unet.hpp"

#include <algorithm>
#include <sstream>
#include <string>
#include <unordered_map>
#include <utility>

#include "musclemap/error.hpp"
#include "net/arch/monai_unet.hpp"

namespace musclemap::infer {
namespace {

using net::Graph;
using net::Layer;
using net::LayerKind;

// As a description may have them.
constexpr std::size_t kMostLevels = 11;
constexpr std::int64_t kMostUnits = 16;
constexpr std::int64_t kMostChannels = 32768;

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::unsupported, Reason::unsupported, message);
}

std::string text_of(double number) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text << number;
  return text.str();
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t size : shape) text += (text.empty() ? "" : "x") + std::to_string(size);
  return text.empty() ? "scalar" : text;
}

std::uint32_t output_of(const Graph& graph) { return graph.outputs.at(0).layer; }

/// What can be read off the layers that the output depends on.
class Survey {
 public:
  explicit Survey(const Graph& flow)
      : flow_(flow), reached_(flow.layers.size()), channels_(flow.layers.size()), depth_(flow.layers.size()) {
    reached_[output_of(flow)] = true;
    for (std::size_t i = output_of(flow) + std::size_t{1}; i-- > 0;) {
      if (!reached_[i]) continue;
      for (const std::uint32_t input : flow.layers[i].inputs) reached_[input] = true;
    }
    for (std::size_t i = 0; i < flow.layers.size(); ++i) measure(i);
  }

  UNetSpec spec() const {
    const std::vector<std::size_t> ups = all_of(LayerKind::transposed_convolution);
    if (ups.empty()) refuse("it has no transposed convolution");
    if (ups.size() > kMostLevels) refuse("it has more than 11 transposed convolutions");
    const std::size_t levels = ups.size();
    UNetSpec spec;
    spec.channels.resize(levels + 1);
    spec.strides.resize(levels);
    for (std::size_t level = 0; level < levels; ++level) {
      // The bottom's comes first.
      const Layer& up = flow_.layers[ups[levels - 1 - level]];
      const Layer& joined = flow_.layers[up.inputs[0]];
      if (joined.kind != LayerKind::concatenation || joined.inputs.size() != 2) {
        refuse("a transposed convolution of it does not follow a skip connection");
      }
      spec.strides[level] = static_cast<int>(std::clamp(up.taps[0].stride, 0, 64));
      spec.channels[level] = channels(joined.inputs[0]);
      if (level == levels - 1) spec.channels[levels] = channels(joined.inputs[1]);
    }
    spec.in_channels = input_channels();
    spec.out_channels = channels(output_of(flow_));
    spec.num_res_units = units(levels);
    read_norm(&spec);
    read_activation(&spec);
    return spec;
  }

  /// Layers on the longest way from the input.
  int depth(std::uint32_t layer) const { return depth_[layer]; }

 private:
  void measure(std::size_t i) {
    const Layer& layer = flow_.layers[i];
    for (const std::uint32_t input : layer.inputs) depth_[i] = std::max(depth_[i], depth_[input] + 1);
    const bool convolution = layer.kind == LayerKind::convolution;
    if (convolution || layer.kind == LayerKind::transposed_convolution) {
      const std::vector<std::int64_t>* shape = shape_of(layer.parameters[0]);
      channels_[i] = shape == nullptr || shape->size() != 4 ? 0 : (*shape)[convolution ? 0 : 1];
    } else if (layer.kind == LayerKind::concatenation) {
      for (const std::uint32_t input : layer.inputs)
        channels_[i] = std::min(kMostChannels + 1, channels_[i] + channels_[input]);
    } else if (!layer.inputs.empty()) {
      channels_[i] = channels_[layer.inputs[0]];
    }
  }

  const std::vector<std::int64_t>* shape_of(std::uint32_t tensor) const {
    return tensor == Layer::kNone ? nullptr : &flow_.parameters[tensor].shape;
  }

  std::vector<std::size_t> all_of(LayerKind kind) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < flow_.layers.size(); ++i) {
      if (reached_[i] && flow_.layers[i].kind == kind) found.push_back(i);
    }
    return found;
  }

  int channels(std::uint32_t layer) const {
    if (channels_[layer] < 1 || channels_[layer] > kMostChannels) {
      refuse("a layer of it has " + std::to_string(channels_[layer]) + " channels");
    }
    return static_cast<int>(channels_[layer]);
  }

  int input_channels() const {
    for (const std::size_t i : all_of(LayerKind::convolution)) {
      const Layer& layer = flow_.layers[i];
      const std::vector<std::int64_t>* shape = shape_of(layer.parameters[0]);
      if (layer.inputs[0] == 0 && shape != nullptr && shape->size() == 4 && (*shape)[1] >= 1 &&
          (*shape)[1] <= kMostChannels) {
        return static_cast<int>((*shape)[1]);
      }
    }
    refuse("no convolution of it takes the input");
  }

  // Norms stand behind all convolutions of the main paths but the last: levels + 1 blocks of units, a
  // transposed convolution a level and the unit behind it.
  int units(std::size_t levels) const {
    if (all_of(LayerKind::sum).empty()) return 0;
    const std::size_t norms = all_of(LayerKind::instance_norm).size() + all_of(LayerKind::batch_norm).size();
    const auto in_blocks = static_cast<std::int64_t>(norms) - (2 * static_cast<std::int64_t>(levels) - 1);
    const std::int64_t count = in_blocks / static_cast<std::int64_t>(levels + 1);
    if (count < 1 || count > kMostUnits || in_blocks % static_cast<std::int64_t>(levels + 1) != 0) {
      refuse("it has " + std::to_string(norms) + " norms, which no number of residual units explains");
    }
    return static_cast<int>(count);
  }

  void read_norm(UNetSpec* spec) const {
    std::vector<std::size_t> norms = all_of(LayerKind::batch_norm);
    spec->norm = norms.empty() ? Norm::instance : Norm::batch;
    if (norms.empty()) norms = all_of(LayerKind::instance_norm);
    if (norms.empty()) refuse("it has neither instance nor batch norm");
    spec->affine = flow_.layers[norms[0]].parameters[0] != Layer::kNone;
  }

  void read_activation(UNetSpec* spec) const {
    const std::vector<std::size_t> rectified = all_of(LayerKind::leaky_relu);
    if (rectified.empty()) {
      spec->nonlinearity = Nonlinearity::prelu;
      return;
    }
    spec->negative_slope = flow_.layers[rectified[0]].slope;
    if (!(spec->negative_slope >= 0 && spec->negative_slope <= 1)) {
      refuse("its LeakyReLU has a negative slope of " + text_of(spec->negative_slope) + "; 0 to 1 is read");
    }
    spec->nonlinearity = spec->negative_slope == 0 ? Nonlinearity::relu : Nonlinearity::leaky_relu;
  }

  const Graph& flow_;
  std::vector<bool> reached_;
  std::vector<std::int64_t> channels_;
  std::vector<int> depth_;
};

/// Walks from the outputs of both to their inputs and finds the tensor behind each name.
class Comparison {
 public:
  Comparison(const Graph& seen, const Survey& survey, const Graph& wanted)
      : seen_(seen),
        survey_(survey),
        wanted_(wanted),
        layer_of_(wanted.layers.size(), Layer::kNone),
        tensor_of_(wanted.parameters.size(), Layer::kNone) {
    compare(output_of(wanted), output_of(seen));
  }

  std::unordered_map<std::string, std::uint32_t> tensors() const {
    std::unordered_map<std::string, std::uint32_t> tensors;
    for (std::size_t i = 0; i < tensor_of_.size(); ++i) tensors[wanted_.parameters[i].name] = tensor_of_[i];
    return tensors;
  }

 private:
  [[noreturn]] void differ(std::uint32_t wanted, const std::string& what) const {
    refuse("where the UNet has " + wanted_.layers[wanted].name + ": " + what);
  }

  void compare(std::uint32_t wanted, std::uint32_t seen) {
    if (layer_of_[wanted] != Layer::kNone) {
      if (layer_of_[wanted] != seen) differ(wanted, "it takes the map of another layer");
      return;
    }
    layer_of_[wanted] = seen;
    const Layer& here = seen_.layers[seen];
    const Layer& there = wanted_.layers[wanted];
    if (here.kind != there.kind) {
      differ(wanted, std::string(net::layer_name(there.kind)) + ", it has: " + net::layer_name(here.kind));
    }
    compare_settings(wanted, here, there);
    compare_parameters(wanted, here, there);
    std::vector<std::uint32_t> inputs = here.inputs;
    if (inputs.size() != there.inputs.size()) {
      differ(wanted, "it joins " + std::to_string(inputs.size()) + " maps");
    }
    // The main path of a sum is longer than its shortcut.
    if (here.kind == LayerKind::sum && survey_.depth(inputs[0]) < survey_.depth(inputs[1])) {
      std::swap(inputs[0], inputs[1]);
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) compare(there.inputs[i], inputs[i]);
  }

  void compare_settings(std::uint32_t wanted, const Layer& here, const Layer& there) const {
    const auto compare = [&](const std::string& name, double has, double needs) {
      if (has != needs) differ(wanted, name + " " + text_of(needs) + ", it has " + text_of(has));
    };
    for (std::size_t axis = 0; axis < there.taps.size(); ++axis) {
      const net::Taps& h = here.taps[axis];
      const net::Taps& t = there.taps[axis];
      const std::string of = axis == 0 ? " of rows" : " of columns";
      compare("stride" + of, h.stride, t.stride);
      compare("padding" + of, h.padding, t.padding);
      compare("dilation" + of, h.dilation, t.dilation);
      compare("output padding" + of, h.output_padding, t.output_padding);
    }
    compare("number of groups", here.groups, there.groups);
    compare("negative slope", here.slope, there.slope);
    compare("epsilon", here.epsilon, there.epsilon);
  }

  void compare_parameters(std::uint32_t wanted, const Layer& here, const Layer& there) {
    for (std::size_t i = 0; i < there.parameters.size(); ++i) {
      const bool is_there = there.parameters[i] != Layer::kNone;
      if (is_there != (here.parameters[i] != Layer::kNone)) {
        differ(wanted, is_there ? "'" + wanted_.parameters[there.parameters[i]].name + "', it has none"
                                : "it has a parameter more");
      }
      if (is_there) tensor_of_[there.parameters[i]] = here.parameters[i];
    }
  }

  const Graph& seen_;
  const Survey& survey_;
  const Graph& wanted_;
  std::vector<std::uint32_t> layer_of_;
  std::vector<std::uint32_t> tensor_of_;
};

bool is_counter(const net::Parameter& parameter) { return parameter.shape.empty(); }

}  // namespace

RecognisedUNet recognise_unet(const Graph& flow) {
  const Survey survey(flow);
  RecognisedUNet result;
  result.spec = survey.spec();
  const Graph wanted = net::monai_unet(result.spec);
  const auto tensors = Comparison(flow, survey, wanted).tensors();
  for (const net::Parameter& parameter : wanted.parameters) {
    const std::uint32_t tensor = is_counter(parameter) ? Layer::kNone : tensors.at(parameter.name);
    if (tensor != Layer::kNone && flow.parameters[tensor].shape != parameter.shape) {
      refuse("where the UNet has '" + parameter.name + "' of shape " + shape_text(parameter.shape) +
             ", it has " + shape_text(flow.parameters[tensor].shape));
    }
    result.tensors.push_back(tensor);
  }
  return result;
}

}  // namespace musclemap::infer
