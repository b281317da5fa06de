// After MONAI 1.3.2, monai/networks/nets/unet.py and blocks/convolutions.py.
#include "infer/unet_dataflow.hpp"

#include <utility>

namespace musclemap::infer {
namespace {

using net::DataflowLayer;
using net::LayerKind;
using Map = std::uint32_t;

class Builder {
 public:
  explicit Builder(const UNetSpec& spec) : spec_(spec) { add("the input", {}); }

  Map level(Map input, std::size_t depth, const std::string& prefix) {
    const std::size_t levels = spec_.strides.size();
    const int in = depth == 0 ? spec_.in_channels : spec_.channels[depth - 1];
    if (depth == levels) return down(input, prefix, in, spec_.channels[depth], 1);
    const int stride = spec_.strides[depth];
    const Map skip = down(input, prefix + ".0", in, spec_.channels[depth], stride);
    const Map below = level(skip, depth + 1, prefix + ".1.submodule");
    const Map joined = add(prefix + ".1", {LayerKind::concatenation, {skip, below}, {}, {}});
    return up(joined, prefix + ".2", stride, depth == 0);
  }

  UNetDataflow finish(Map output) {
    result_.flow.output = output;
    result_.flow.tensors.resize(result_.parameters.size());
    return std::move(result_);
  }

 private:
  Map add(const std::string& name, DataflowLayer layer) {
    result_.flow.layers.push_back(std::move(layer));
    result_.names.push_back(name);
    return static_cast<Map>(result_.flow.layers.size() - 1);
  }

  std::uint32_t parameter(const std::string& name) {
    result_.parameters.push_back(name);
    return static_cast<std::uint32_t>(result_.parameters.size() - 1);
  }

  Map convolution(Map input, const std::string& name, int kernel, int stride) {
    net::ConvolutionSettings settings;
    for (double& each : settings.stride) each = stride;
    const int padding = kernel / 2;
    for (double& each : settings.padding) each = padding;
    return add(name, {LayerKind::convolution,
                      {input},
                      {parameter(name + ".weight"), parameter(name + ".bias")},
                      net::settings_of(settings)});
  }

  Map transposed(Map input, const std::string& name, int stride) {
    net::ConvolutionSettings settings;
    for (double& each : settings.stride) each = stride;
    for (double& each : settings.padding) each = 1;
    for (double& each : settings.output_padding) each = stride - 1;
    return add(name, {LayerKind::transposed,
                      {input},
                      {parameter(name + ".weight"), parameter(name + ".bias")},
                      net::settings_of(settings)});
  }

  Map activated(Map input, const std::string& convolution) {
    const std::string norm = adn_of(convolution) + ".N";
    const std::string activation = adn_of(convolution) + ".A";
    DataflowLayer layer{LayerKind::instance_norm, {input}, {}, {kNormEpsilon}};
    for (const char* name : {".weight", ".bias"}) {
      layer.parameters.push_back(spec_.affine ? parameter(norm + name) : DataflowLayer::kNone);
    }
    if (spec_.norm == Norm::batch) {
      layer.kind = LayerKind::batch_norm;
      for (const char* name : {".running_mean", ".running_var"})
        layer.parameters.push_back(parameter(norm + name));
    }
    const Map normalised = add(norm, std::move(layer));
    if (spec_.nonlinearity == Nonlinearity::prelu) {
      return add(activation, {LayerKind::prelu, {normalised}, {parameter(activation + ".weight")}, {}});
    }
    return add(activation, {LayerKind::leaky_relu, {normalised}, {}, {spec_.negative_slope}});
  }

  Map down(Map input, const std::string& prefix, int in, int channels, int stride) {
    const int units = spec_.num_res_units;
    if (units == 0) {
      return activated(convolution(input, prefix + ".conv", 3, stride), prefix + ".conv");
    }
    Map main = input;
    for (int unit = 0; unit < units; ++unit) {
      const std::string name = prefix + ".conv.unit" + std::to_string(unit) + ".conv";
      main = activated(convolution(main, name, 3, unit == 0 ? stride : 1), name);
    }
    Map shortcut = input;
    if (stride != 1 || in != channels) {
      shortcut = convolution(input, prefix + ".residual", stride == 1 ? 1 : 3, stride);
    }
    return add(prefix, {LayerKind::sum, {main, shortcut}, {}, {}});
  }

  Map up(Map input, const std::string& prefix, int stride, bool top) {
    const bool unit = spec_.num_res_units > 0;
    const std::string first = prefix + (unit ? ".0.conv" : ".conv");
    const Map wide = transposed(input, first, stride);
    if (!unit) return top ? wide : activated(wide, first);
    const Map shortcut = activated(wide, first);
    const std::string name = prefix + ".1.conv.unit0.conv";
    const Map plain = convolution(shortcut, name, 3, 1);
    const Map main = top ? plain : activated(plain, name);
    return add(prefix + ".1", {LayerKind::sum, {main, shortcut}, {}, {}});
  }

  const UNetSpec& spec_;
  UNetDataflow result_;
};

}  // namespace

UNetDataflow unet_dataflow(const UNetSpec& spec) {
  Builder builder(spec);
  const Map output = builder.level(0, 0, "model");
  return builder.finish(output);
}

}  // namespace musclemap::infer
