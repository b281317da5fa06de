// Rules after nnU-Net 2.8.1, LabelManager of nnunetv2/utilities/label_handling/label_handling.py.
#include "io/weights/nnunet/dataset.hpp"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.hpp"
#include "io/files/json_fields.hpp"
#include "io/files/json_file.hpp"

namespace musclemap::io {
namespace {

constexpr std::size_t kMostImageChannels = 64;
constexpr std::int64_t kLargestLabel = 32767;

bool is_background(const NnunetLabel& label) {
  return std::all_of(label.values.begin(), label.values.end(), [](int value) { return value == 0; });
}

std::set<int> values_of(const std::vector<NnunetLabel>& labels) {
  std::set<int> values;
  for (const NnunetLabel& label : labels) values.insert(label.values.begin(), label.values.end());
  return values;
}

/// Refuses control characters and very long names.
void check_name(const std::string& name, const JsonField& owner) {
  const nlohmann::json value = name;
  static_cast<void>(JsonField(value, "a name in " + owner.path()).text());
}

/// {"0": "CT", "1": …}; dataset.json of nnU-Net v1 calls it modality.
std::vector<std::string> channels_of(const JsonField& top) {
  const JsonField field = top.at(top.has("modality") ? "modality" : "channel_names");
  if (!field.value().is_object() || field.value().empty() || field.value().size() > kMostImageChannels) {
    field.refuse("an object of 1 to 64 channels is needed");
  }
  std::vector<std::string> names;
  for (std::size_t c = 0; c < field.value().size(); ++c) names.push_back(field.at(std::to_string(c)).text());
  return names;
}

/// A number, or its digits as text: nnU-Net takes int() of either.
int value_of(const JsonField& field) {
  if (!field.value().is_string()) return static_cast<int>(field.integer(0, kLargestLabel));
  const std::string text = field.text(5);
  if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos) {
    field.refuse("a whole number from 0 to 32767 is needed");
  }
  const int value = std::stoi(text);
  if (value > kLargestLabel) field.refuse("a whole number from 0 to 32767 is needed");
  return value;
}

/// `names` in the order of the file.
void read_labels(const JsonField& field, const std::vector<std::string>& names, NnunetDataset* result) {
  for (const std::string& name : names) {
    check_name(name, field);
    const JsonField each = field.at(name);
    if (name == "ignore") {
      if (!each.value().is_null()) result->ignore_label = static_cast<int>(each.integer(0, kLargestLabel));
      continue;
    }
    NnunetLabel label;
    label.name = name;
    if (each.value().is_array()) {
      const std::vector<JsonField> parts = each.elements(1, kLargestLabel);
      for (const JsonField& part : parts) label.values.push_back(value_of(part));
      result->regions = result->regions || parts.size() > 1;
    } else {
      label.values.push_back(value_of(each));
    }
    result->labels.push_back(std::move(label));
  }
}

/// Without regions score i stands for value i, so that there is no gap.
void check_values(const JsonField& field, const NnunetDataset& dataset) {
  const std::set<int> values = values_of(dataset.labels);
  if (values.size() < 2) field.refuse("background and at least one label are needed");
  if (!dataset.regions && *values.rbegin() != static_cast<int>(values.size()) - 1) {
    field.refuse("the values 0 to " + std::to_string(values.size() - 1) + " are needed, and " +
                 std::to_string(*values.rbegin()) + " is the greatest");
  }
  if (dataset.ignore_label && *dataset.ignore_label != *values.rbegin() + 1) {
    field.at("ignore").refuse(std::to_string(*values.rbegin() + 1) +
                              ", the value after the greatest, is needed");
  }
}

}  // namespace

int NnunetDataset::scores() const {
  if (!regions) return static_cast<int>(values_of(labels).size());
  return static_cast<int>(std::count_if(labels.begin(), labels.end(),
                                        [](const NnunetLabel& label) { return !is_background(label); }));
}

int NnunetDataset::foreground_values() const {
  const std::set<int> values = values_of(labels);
  return static_cast<int>(values.size() - values.count(0));
}

NnunetDataset parse_nnunet_dataset(std::string_view json) {
  const nlohmann::json document = parse_json(json);
  const JsonField top(document, "the description");
  NnunetDataset result;
  result.channels = channels_of(top);
  const JsonField labels = top.at("labels");
  if (!labels.value().is_object()) labels.refuse("an object of names and values is needed");
  const JsonField background = labels.at("background");
  if (value_of(background) != 0) background.refuse("0 is needed");
  // The order of regions is that of the file, which sorted objects do not keep.
  std::vector<std::string> names;
  const auto ordered = nlohmann::ordered_json::parse(json);
  for (const auto& [name, ignored] : ordered["labels"].items()) names.push_back(name);
  read_labels(labels, names, &result);
  check_values(labels, result);
  if (result.regions) {
    const auto count = static_cast<std::size_t>(result.scores());
    for (const JsonField& each : top.at("regions_class_order").elements(count, count)) {
      result.regions_class_order.push_back(static_cast<int>(each.integer(0, kLargestLabel)));
    }
  }
  result.file_ending = top.has("file_ending") ? top.at("file_ending").text(32) : std::string();
  return result;
}

}  // namespace musclemap::io
