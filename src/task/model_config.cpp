#include "task/model_config.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "io/files/json_fields.hpp"

namespace musclemap::task {
namespace {

constexpr std::int64_t kMostModelLabels = 32767;
constexpr std::int64_t kMostChannels = 8192;
constexpr std::size_t kMostLevels = 12;
constexpr std::int64_t kMostUnits = 16;

/// Name of a MONAI layer: "name" or ["name", {arguments}].
std::string layer_name(const io::JsonField& field, const nlohmann::json*& arguments) {
  arguments = nullptr;
  if (!field.value().is_array()) return base::ascii_lower(field.text());
  const std::vector<io::JsonField> parts = field.elements(1, 2);
  if (parts.size() == 2) {
    if (!parts[1].value().is_object()) parts[1].refuse("an object of arguments is needed");
    arguments = &parts[1].value();
  }
  return base::ascii_lower(parts[0].text());
}

/// An argument of a layer, or nothing.
std::optional<io::JsonField> argument(const io::JsonField& field, const nlohmann::json* arguments,
                                      const char* name) {
  if (arguments == nullptr || !arguments->contains(name)) return std::nullopt;
  return io::JsonField((*arguments)[name], field.path() + "[1]." + name);
}

void refuse_other_arguments(const io::JsonField& field, const nlohmann::json* arguments,
                            const std::vector<std::string>& known) {
  if (arguments == nullptr) return;
  for (const auto& [name, value] : arguments->items()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      io::JsonField(value, field.path() + "[1]." + name).refuse("no such argument is supported");
    }
  }
}

void parse_activation(const io::JsonField& field, net::UNetSpec* spec) {
  const nlohmann::json* arguments = nullptr;
  const std::string name = layer_name(field, arguments);
  if (name == "leakyrelu") {
    refuse_other_arguments(field, arguments, {"negative_slope", "inplace"});
    spec->nonlinearity = net::Nonlinearity::leaky_relu;
    if (const auto slope = argument(field, arguments, "negative_slope")) {
      spec->negative_slope = slope->number();
      if (!(spec->negative_slope >= 0 && spec->negative_slope <= 1)) slope->refuse("0 to 1 is supported");
    }
  } else if (name == "relu") {
    refuse_other_arguments(field, arguments, {"inplace"});
    spec->nonlinearity = net::Nonlinearity::relu;
    spec->negative_slope = 0;
  } else if (name == "prelu") {
    refuse_other_arguments(field, arguments, {"num_parameters", "init"});
    spec->nonlinearity = net::Nonlinearity::prelu;
    const auto count = argument(field, arguments, "num_parameters");
    if (count && count->integer(1, kMostChannels) != 1) count->refuse("1 is supported");
  } else {
    field.refuse(R"("LeakyReLU", "ReLU" and "PReLU" are supported)");
  }
}

void parse_norm(const io::JsonField& field, net::UNetSpec* spec) {
  const nlohmann::json* arguments = nullptr;
  const std::string name = layer_name(field, arguments);
  if (name != "instance" && name != "batch") field.refuse(R"("instance" and "batch" are supported)");
  refuse_other_arguments(field, arguments, {"affine", "eps", "momentum"});
  spec->norm = name == "batch" ? net::Norm::batch : net::Norm::instance;
  spec->affine = name == "batch";  // LibTorch's defaults
  if (const auto affine = argument(field, arguments, "affine")) {
    if (!affine->value().is_boolean()) affine->refuse("true or false is needed");
    spec->affine = affine->value().get<bool>();
  }
  const auto epsilon = argument(field, arguments, "eps");
  if (epsilon && epsilon->number() != net::kNormEpsilon) epsilon->refuse("1e-05 is supported");
}

std::string version_text(const io::JsonField& model) {
  if (!model.has("version")) return {};
  const io::JsonField version = model.at("version");
  // nlohmann prints the shortest text that reads back as the same number, in every locale: 1.2, 0.0.
  if (version.value().is_number()) return version.value().dump();
  return version.text(64);
}

Index3 parse_window(const io::JsonField& parameters) {
  const std::vector<io::JsonField> sizes = parameters.at("roi_size").elements(2, 2);
  return {sizes[0].integer(1, kLargestWindow), sizes[1].integer(1, kLargestWindow), 1};
}

Spacing parse_spacing(const io::JsonField& parameters) {
  const std::vector<io::JsonField> fields = parameters.at("pix_dim").elements(3, 3);
  Spacing spacing{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    spacing[axis] = fields[axis].number();
    const bool sane = std::isfinite(spacing[axis]) &&
                      (spacing[axis] <= 0 || (spacing[axis] >= 0.01 && spacing[axis] <= 100));
    if (!sane) fields[axis].refuse("0.01 to 100 mm, or 0 or less to keep the axis, is allowed");
  }
  return spacing;
}

net::UNetSpec parse_unet(const io::JsonField& model) {
  net::UNetSpec spec;
  spec.out_channels = static_cast<int>(model.at("out_channels").integer(2, kMostModelLabels + 1));
  for (const io::JsonField& field : model.at("channels").elements(2, kMostLevels)) {
    spec.channels.push_back(static_cast<int>(field.integer(1, kMostChannels)));
  }
  const io::JsonField strides = model.at("strides");
  for (const io::JsonField& field : strides.elements(1, kMostLevels)) {
    spec.strides.push_back(static_cast<int>(field.integer(1, 2)));
  }
  if (spec.strides.size() + 1 != spec.channels.size()) {
    strides.refuse("one fewer than model.channels (" + std::to_string(spec.channels.size() - 1) +
                   ") is needed");
  }
  spec.num_res_units = static_cast<int>(model.at("num_res_units").integer(0, kMostUnits));
  parse_activation(model.at("act"), &spec);
  parse_norm(model.at("norm"), &spec);
  return spec;
}

/// Skip connections only fit, and the bottom can only be normalised, for windows that the strides divide.
void check_window(const io::JsonField& parameters, const ModelConfig& config) {
  std::int64_t step = 1;
  for (const int stride : config.unet->strides) step *= stride;
  const std::vector<io::JsonField> sizes = parameters.at("roi_size").elements(2, 2);
  for (std::size_t axis = 0; axis < 2; ++axis) {
    if (config.window[axis] % step != 0) {
      sizes[axis].refuse("a multiple of " + std::to_string(step) +
                         ", the product of model.strides, is needed");
    }
  }
  if (config.window[0] == step && config.window[1] == step) {
    parameters.at("roi_size")
        .refuse("more than one product of model.strides (" + std::to_string(step) +
                ") is needed, or instance norm sees a single value");
  }
}

/// SNOMED CT codes are numbers of up to 18 digits, which tables write as text or as a number.
std::string snomed_code(const io::JsonField& label) {
  for (const char* key : {"snomed", "snomed_code"}) {
    if (!label.has(key) || label.at(key).value().is_null()) continue;
    const io::JsonField code = label.at(key);
    if (code.value().is_string()) return code.text();
    return std::to_string(code.integer(0, std::numeric_limits<std::int64_t>::max()));
  }
  return {};
}

}  // namespace

std::vector<Label> parse_labels(const nlohmann::json& document, Background background) {
  const io::JsonField top(document, "the description");
  std::vector<Label> labels;
  std::map<std::int32_t, std::string> paths;
  for (const io::JsonField& field : top.at("labels").elements(1, kMostModelLabels)) {
    Label label;
    const io::JsonField value = field.at("value");
    if (background == Background::passed_over && value.value() == 0) continue;
    label.value = static_cast<std::int32_t>(value.integer(1, kMostModelLabels));
    const auto text = [&](const char* key) {
      return field.has(key) && !field.at(key).value().is_null() ? field.at(key).text() : std::string();
    };
    label.region = text("region");
    label.anatomy = text("anatomy");
    label.side = text("side");
    label.snomed = snomed_code(field);
    label.kind = text("kind");
    const auto [earlier, is_new] = paths.emplace(label.value, value.path());
    if (!is_new) value.refuse("the same as " + earlier->second + ": values must be unique", Reason::labels);
    labels.push_back(std::move(label));
  }
  std::sort(labels.begin(), labels.end(), [](const Label& a, const Label& b) { return a.value < b.value; });
  return labels;
}

ModelConfig parse_model_config(const nlohmann::json& document, NetworkIn network) {
  const io::JsonField top(document, "the description");
  const io::JsonField parameters = top.at("parameters");
  const io::JsonField model = top.at("model");
  ModelConfig config;
  config.version = version_text(model);
  config.window = parse_window(parameters);
  config.target_spacing = parse_spacing(parameters);
  if (parameters.has("spatial_window_batch_size"))
    parameters.at("spatial_window_batch_size").integer(1, 65536);
  model.at("spatial_dims").integer(2, 2);
  model.at("in_channels").integer(1, 1);
  const io::JsonField out_channels = model.at("out_channels");
  config.out_channels = static_cast<int>(out_channels.integer(2, kMostModelLabels + 1));
  if (network == NetworkIn::description || (model.has("channels") && model.has("strides"))) {
    config.unet = parse_unet(model);
    check_window(parameters, config);
  }
  config.labels = parse_labels(document, Background::refused);
  if (static_cast<std::size_t>(config.out_channels) != config.labels.size() + 1) {
    out_channels.refuse("labels has " + std::to_string(config.labels.size()) + " entries, so " +
                            std::to_string(config.labels.size() + 1) +
                            " channels are needed (background and labels)",
                        Reason::labels);
  }
  return config;
}

}  // namespace musclemap::task
