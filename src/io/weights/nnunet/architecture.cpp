// The old form is turned into the new one as nnU-Net 2.8.1 does: ConfigurationManager of
// nnunetv2/utilities/plans_handling/plans_handler.py. Arguments after dynamic_network_architectures 0.4,
// architectures/unet.py; what they are where they are missing stands there as well.
#include "io/weights/nnunet/architecture.hpp"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace musclemap::io {
namespace {

constexpr std::size_t kFewestStages = 2;
constexpr std::size_t kMostStages = 12;
constexpr std::int64_t kMostFeatures = 8192;
constexpr std::int64_t kLargestKernel = 31;
constexpr std::int64_t kLargestStride = 64;
constexpr std::int64_t kMostConvolutions = 64;

[[noreturn]] void refuse_unsupported(const JsonField& field, const std::string& allowed) {
  field.refuse(allowed, Reason::unsupported);
}

std::string last_name(const std::string& dotted) { return dotted.substr(dotted.rfind('.') + 1); }

/// A list of one number a stage, or one number for all.
std::vector<int> one_a_stage(const JsonField& field, std::size_t stages, std::int64_t most) {
  if (!field.value().is_array()) return std::vector<int>(stages, static_cast<int>(field.integer(1, most)));
  std::vector<int> result;
  for (const JsonField& each : field.elements(stages, stages)) {
    result.push_back(static_cast<int>(each.integer(1, most)));
  }
  return result;
}

/// The same with one number an axis, or one for all axes, in each.
std::vector<std::vector<int>> axes_a_stage(const JsonField& field, std::size_t stages, std::size_t axes,
                                           std::int64_t most, bool odd) {
  const auto of_one = [&](const JsonField& each) {
    std::vector<int> numbers = one_a_stage(each, axes, most);
    if (odd && std::any_of(numbers.begin(), numbers.end(), [](int n) { return n % 2 == 0; })) {
      refuse_unsupported(each, "odd kernels are supported");
    }
    return numbers;
  };
  if (!field.value().is_array()) return std::vector<std::vector<int>>(stages, of_one(field));
  std::vector<std::vector<int>> result;
  for (const JsonField& each : field.elements(stages, stages)) result.push_back(of_one(each));
  return result;
}

/// The class of a layer, "torch.nn.modules.conv.Conv3d", without its module and number of axes: "Conv".
std::string layer_class(const JsonField& field, std::size_t axes) {
  const std::string name = field.text();
  if (name.rfind("torch.nn.", 0) != 0) refuse_unsupported(field, "a layer of torch.nn is needed");
  std::string layer = last_name(name);
  const std::string suffix = std::to_string(axes) + "d";
  if (layer.size() > suffix.size() && layer.compare(layer.size() - 2, 2, suffix) == 0) {
    layer.resize(layer.size() - 2);
  }
  return layer;
}

void refuse_unknown(const JsonField& object, const std::vector<std::string>& known) {
  if (!object.value().is_object()) object.refuse("an object of arguments is needed");
  for (const auto& [key, value] : object.value().items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    refuse_unsupported(JsonField(value, object.path() + "." + base::printable(key, 60)),
                       "no such argument is supported");
  }
}

double ratio(const JsonField& field) {
  const double value = field.number();
  if (!(value >= 0 && value <= 1)) field.refuse("0 to 1 is needed");
  return value;
}

void read_norm(const JsonField& arguments, std::size_t axes, net::NnUNetSpec* spec) {
  const JsonField norm = arguments.at("norm_op");
  const std::string layer = norm.value().is_null() ? "null" : layer_class(norm, axes);
  const std::string suffix = std::to_string(axes) + "d";
  if (layer == "InstanceNorm") {
    spec->norm = net::LayerKind::instance_norm;
    spec->affine = false;  // torch's default
  } else if (layer == "BatchNorm") {
    spec->norm = net::LayerKind::batch_norm;
    spec->affine = true;
  } else {
    refuse_unsupported(norm, "InstanceNorm" + suffix + " and BatchNorm" + suffix + " are supported");
  }
  if (!arguments.given("norm_op_kwargs")) return;
  const JsonField settings = arguments.at("norm_op_kwargs");
  refuse_unknown(settings, {"eps", "affine", "momentum", "track_running_stats"});
  if (settings.has("eps")) {
    const JsonField epsilon = settings.at("eps");
    spec->epsilon = ratio(epsilon);
    if (spec->epsilon <= 0) epsilon.refuse("more than 0 is needed");
  }
  if (settings.has("affine")) spec->affine = settings.at("affine").boolean();
  if (settings.has("track_running_stats")) {
    const JsonField stored = settings.at("track_running_stats");
    if (stored.boolean() != (spec->norm == net::LayerKind::batch_norm)) {
      refuse_unsupported(stored, "torch's default is supported");
    }
  }
}

void read_nonlinearity(const JsonField& arguments, std::size_t axes, net::NnUNetSpec* spec) {
  const JsonField field = arguments.at("nonlin");
  const std::string layer = field.value().is_null() ? "null" : layer_class(field, axes);
  if (layer != "LeakyReLU" && layer != "ReLU") refuse_unsupported(field, "LeakyReLU and ReLU are supported");
  const bool leaky = layer == "LeakyReLU";
  spec->slope = leaky ? 0.01 : 0;
  if (!arguments.given("nonlin_kwargs")) return;
  const JsonField settings = arguments.at("nonlin_kwargs");
  std::vector<std::string> known = {"inplace"};
  if (leaky) known.emplace_back("negative_slope");
  refuse_unknown(settings, known);
  if (settings.has("negative_slope")) spec->slope = ratio(settings.at("negative_slope"));
}

/// Arguments that change nothing here where they are null, false or what `allowed` says.
void refuse_variants(const JsonField& arguments) {
  for (const char* key : {"bottleneck_channels", "stem_channels", "disable_default_stem",
                          "squeeze_excitation", "nonlin_first", "block", "pool", "pool_type"}) {
    if (!arguments.given(key)) continue;
    const JsonField field = arguments.at(key);
    const nlohmann::json& value = field.value();
    const bool usual = value == false || value == "conv" ||
                       (value.is_string() && last_name(value.get<std::string>()) == "BasicBlockD");
    if (!usual) refuse_unsupported(field, "its default is supported");
  }
}

NnunetArchitecture class_of(const JsonField& field) {
  const std::string name = field.text();
  const std::string own = last_name(name);
  const bool known_module = own == name || name.rfind("dynamic_network_architectures.", 0) == 0;
  if (known_module && own == "PlainConvUNet") return NnunetArchitecture::plain;
  if (known_module && own == "ResidualEncoderUNet") return NnunetArchitecture::residual;
  refuse_unsupported(field,
                     "PlainConvUNet and ResidualEncoderUNet of dynamic_network_architectures are supported");
}

void read_new_form(const JsonField& configuration, std::size_t axes, NnunetConfiguration* result) {
  const JsonField architecture = configuration.at("architecture");
  result->architecture = class_of(architecture.at("network_class_name"));
  const bool plain = result->architecture == NnunetArchitecture::plain;
  const JsonField arguments = architecture.at("arch_kwargs");
  const char* depths = plain ? "n_conv_per_stage" : "n_blocks_per_stage";
  refuse_unknown(arguments, {"n_stages",
                             "features_per_stage",
                             "conv_op",
                             "kernel_sizes",
                             "strides",
                             depths,
                             "n_conv_per_stage_decoder",
                             "conv_bias",
                             "norm_op",
                             "norm_op_kwargs",
                             "dropout_op",
                             "dropout_op_kwargs",
                             "nonlin",
                             "nonlin_kwargs",
                             "deep_supervision",
                             "nonlin_first",
                             "block",
                             "bottleneck_channels",
                             "stem_channels",
                             "disable_default_stem",
                             "pool",
                             "pool_type",
                             "stochastic_depth_p",
                             "squeeze_excitation",
                             "squeeze_excitation_reduction_ratio"});
  refuse_variants(arguments);
  const auto stages = static_cast<std::size_t>(
      arguments.at("n_stages").integer(kFewestStages, static_cast<std::int64_t>(kMostStages)));
  net::NnUNetSpec& spec = result->network;
  spec.features = one_a_stage(arguments.at("features_per_stage"), stages, kMostFeatures);
  spec.kernels = axes_a_stage(arguments.at("kernel_sizes"), stages, axes, kLargestKernel, true);
  spec.strides = axes_a_stage(arguments.at("strides"), stages, axes, kLargestStride, false);
  spec.encoder_depths = one_a_stage(arguments.at(depths), stages, kMostConvolutions);
  spec.decoder_convolutions =
      one_a_stage(arguments.at("n_conv_per_stage_decoder"), stages - 1, kMostConvolutions);
  spec.bias = arguments.has("conv_bias") && arguments.at("conv_bias").boolean();
  const JsonField convolution = arguments.at("conv_op");
  const std::string wanted = "Conv" + std::to_string(axes) + "d";
  if (last_name(convolution.text()) != wanted || layer_class(convolution, axes) != "Conv") {
    refuse_unsupported(convolution, wanted + " is needed for a patch of " + std::to_string(axes) + " axes");
  }
  read_norm(arguments, axes, &spec);
  read_nonlinearity(arguments, axes, &spec);
}

void read_old_form(const JsonField& configuration, std::size_t axes, NnunetConfiguration* result) {
  result->architecture = class_of(configuration.at("UNet_class_name"));
  net::NnUNetSpec& spec = result->network;
  const std::vector<JsonField> depths =
      configuration.at("n_conv_per_stage_encoder").elements(kFewestStages, kMostStages);
  const std::size_t stages = depths.size();
  for (const JsonField& each : depths) {
    spec.encoder_depths.push_back(static_cast<int>(each.integer(1, kMostConvolutions)));
  }
  spec.decoder_convolutions =
      one_a_stage(configuration.at("n_conv_per_stage_decoder"), stages - 1, kMostConvolutions);
  const std::int64_t base = configuration.at("UNet_base_num_features").integer(1, kMostFeatures);
  const std::int64_t most = configuration.at("unet_max_num_features").integer(1, kMostFeatures);
  for (std::size_t s = 0; s < stages; ++s) {
    spec.features.push_back(static_cast<int>(std::min(base << s, most)));
  }
  spec.kernels = axes_a_stage(configuration.at("conv_kernel_sizes"), stages, axes, kLargestKernel, true);
  spec.strides = axes_a_stage(configuration.at("pool_op_kernel_sizes"), stages, axes, kLargestStride, false);
}

}  // namespace

void read_nnunet_architecture(const JsonField& configuration, std::size_t axes, NnunetConfiguration* result) {
  if (configuration.has("architecture")) {
    read_new_form(configuration, axes, result);
  } else if (configuration.has("UNet_class_name")) {
    read_old_form(configuration, axes, result);
  } else {
    configuration.refuse("architecture or UNet_class_name is needed in it");
  }
}

}  // namespace musclemap::io
