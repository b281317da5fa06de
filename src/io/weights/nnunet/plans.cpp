// Fields after nnU-Net 2.8.1, nnunetv2/utilities/plans_handling/plans_handler.py.
#include "io/weights/nnunet/plans.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.hpp"
#include "io/files/json_fields.hpp"
#include "io/weights/nnunet/architecture.hpp"

namespace musclemap::io {
namespace {

constexpr std::int64_t kLargestPatch = 8192;
constexpr double kLargestSpacing = 1e4;  // mm
constexpr std::size_t kMostInherited = 16;

double finite_number(const JsonField& field) {
  const double value = field.number();
  if (!std::isfinite(value)) field.refuse("a finite number is needed");
  return value;
}

NnunetScheme scheme_of(const JsonField& field) {
  const std::string name = field.text();
  constexpr std::pair<const char*, NnunetScheme> kSchemes[] = {
      {"CTNormalization", NnunetScheme::ct},
      {"ZScoreNormalization", NnunetScheme::z_score},
      {"NoNormalization", NnunetScheme::none},
      {"RescaleTo01Normalization", NnunetScheme::rescale_to_01},
      {"RGBTo01Normalization", NnunetScheme::rgb_to_01}};
  for (const auto& [known, scheme] : kSchemes) {
    if (name == known) return scheme;
  }
  field.refuse(
      "CTNormalization, ZScoreNormalization, NoNormalization, RescaleTo01Normalization and "
      "RGBTo01Normalization are supported",
      Reason::unsupported);
}

NnunetNormalisation normalisation_of(const JsonField& scheme, const JsonField& over_mask,
                                     const JsonField& plans, std::size_t channel) {
  NnunetNormalisation result;
  result.scheme = scheme_of(scheme);
  // Of the others nnU-Net's own ignore the mask.
  result.over_mask = over_mask.boolean() && result.scheme == NnunetScheme::z_score;
  if (result.scheme != NnunetScheme::ct) return result;
  const JsonField properties =
      plans.at("foreground_intensity_properties_per_channel").at(std::to_string(channel));
  result.low = finite_number(properties.at("percentile_00_5"));
  const JsonField high = properties.at("percentile_99_5");
  result.high = finite_number(high);
  if (result.high < result.low) high.refuse("no less than percentile_00_5 is needed");
  result.mean = finite_number(properties.at("mean"));
  const JsonField sd = properties.at("std");
  result.sd = finite_number(sd);
  if (result.sd < 0) sd.refuse("0 or more is needed");
  return result;
}

NnunetResampling resampling_of(const JsonField& configuration, const std::string& key,
                               bool of_labels = false) {
  const JsonField function = configuration.at(key);
  NnunetResampling result;
  const std::string name = function.text();
  if (name == "no_resampling_data_or_seg_to_shape") {
    result.resamples = false;
    return result;
  }
  if (name != "resample_data_or_seg_to_shape") {
    function.refuse("resample_data_or_seg_to_shape and no_resampling_data_or_seg_to_shape are supported",
                    Reason::unsupported);
  }
  result.separate_axis = false;  // the function's default
  const JsonField arguments = configuration.at(key + "_kwargs");
  if (!arguments.value().is_object()) arguments.refuse("an object of arguments is needed");
  for (const auto& [argument, value] : arguments.value().items()) {
    const JsonField field(value, arguments.path() + "." + base::printable(argument, 60));
    if (argument == "order") {
      result.order = static_cast<int>(field.integer(0, 5));
    } else if (argument == "order_z") {
      result.order_z = static_cast<int>(field.integer(0, 5));
    } else if (argument == "force_separate_z") {
      result.separate_axis.reset();
      if (!value.is_null()) result.separate_axis = field.boolean();
    } else if (argument == "separate_z_anisotropy_threshold") {
      result.separate_above = finite_number(field);
    } else if (argument == "is_seg") {
      if (field.boolean() != of_labels)
        field.refuse(of_labels ? "true is needed for labels" : "false is needed for what are no labels");
    } else {
      field.refuse("no such argument is supported", Reason::unsupported);
    }
  }
  return result;
}

/// The entry with what it inherits, its own fields first.
nlohmann::json inherited(const JsonField& all, const std::string& name) {
  nlohmann::json merged = nlohmann::json::object();
  std::string next = name;
  for (std::size_t depth = 0;; ++depth) {
    const JsonField entry = all.at(next);
    if (!entry.value().is_object()) entry.refuse("an object is needed");
    if (depth == kMostInherited) entry.refuse("inherits_from goes round in circles");
    for (const auto& [key, value] : entry.value().items()) {
      if (!merged.contains(key)) merged[key] = value;
    }
    if (!entry.given("inherits_from")) return merged;
    const JsonField parent = entry.at("inherits_from");
    next = parent.text();
    if (!all.has(next)) parent.refuse("the name of another configuration is needed");
  }
}

std::vector<int> permutation_of(const JsonField& field) {
  std::vector<int> result;
  for (const JsonField& each : field.elements(3, 3)) result.push_back(static_cast<int>(each.integer(0, 2)));
  std::vector<int> sorted = result;
  std::sort(sorted.begin(), sorted.end());
  if (sorted != std::vector<int>{0, 1, 2}) field.refuse("each of 0, 1 and 2 is needed once");
  return result;
}

/// Texts without which a network runs as well, and missing in plans of some tools.
std::string remark(const JsonField& top, const char* key) {
  return top.given(key) ? top.at(key).text() : std::string();
}

}  // namespace

NnunetPlans parse_nnunet_plans(const nlohmann::json& plans) {
  const JsonField top(plans, "the description");
  NnunetPlans result;
  result.dataset_name = remark(top, "dataset_name");
  result.plans_name = remark(top, "plans_name");
  result.reader = remark(top, "image_reader_writer");
  result.transpose_forward = permutation_of(top.at("transpose_forward"));
  const JsonField backward = top.at("transpose_backward");
  const std::vector<int> back = permutation_of(backward);
  for (std::size_t axis = 0; axis < back.size(); ++axis) {
    if (back[static_cast<std::size_t>(result.transpose_forward[axis])] != static_cast<int>(axis)) {
      backward.refuse("what undoes transpose_forward is needed");
    }
  }
  const JsonField configurations = top.at("configurations");
  if (!configurations.value().is_object() || configurations.value().empty()) {
    configurations.refuse("an object of at least one configuration is needed");
  }
  for (const auto& [name, ignored] : configurations.value().items()) result.configurations.push_back(name);
  return result;
}

NnunetConfiguration parse_nnunet_configuration(const nlohmann::json& plans, const std::string& name,
                                               std::size_t channels) {
  const JsonField top(plans, "the description");
  const JsonField all = top.at("configurations");
  if (!all.has(name)) {
    throw Error(ErrorCode::argument, Reason::invalid,
                "has no configuration '" + base::printable(name, 60) + "'");
  }
  const nlohmann::json merged = inherited(all, name);
  const JsonField entry(merged, all.path() + "." + base::printable(name, 60));
  NnunetConfiguration result;
  result.name = name;
  const JsonField patch = entry.at("patch_size");
  for (const JsonField& each : patch.elements(2, 3)) {
    result.patch_size.push_back(static_cast<int>(each.integer(1, kLargestPatch)));
  }
  const std::size_t axes = result.patch_size.size();
  for (const JsonField& each : entry.at("spacing").elements(axes, axes)) {
    result.spacing.push_back(each.number());
    if (!(result.spacing.back() > 0 && result.spacing.back() <= kLargestSpacing)) {
      each.refuse("more than 0 and at most 10000 mm is needed");
    }
  }
  const std::vector<JsonField> schemes = entry.at("normalization_schemes").elements(channels, channels);
  const std::vector<JsonField> masks = entry.at("use_mask_for_norm").elements(channels, channels);
  for (std::size_t c = 0; c < channels; ++c) {
    result.channels.push_back(normalisation_of(schemes[c], masks[c], top, c));
  }
  result.data = resampling_of(entry, "resampling_fn_data");
  result.scores = resampling_of(entry, "resampling_fn_probabilities");
  if (entry.given("previous_stage")) {
    const JsonField previous = entry.at("previous_stage");
    result.previous_stage = previous.text();
    if (!all.has(result.previous_stage) || result.previous_stage == name) {
      previous.refuse("the name of another configuration is needed");
    }
    result.labels = resampling_of(entry, "resampling_fn_seg", true);
  }
  read_nnunet_architecture(entry, axes, &result);
  return result;
}

}  // namespace musclemap::io
