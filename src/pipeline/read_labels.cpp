#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "io/json_file.hpp"
#include "io/label_csv.hpp"
#include "musclemap/error.hpp"
#include "musclemap/labels.hpp"
#include "musclemap/model_bundle.hpp"
#include "pipeline/json_fields.hpp"
#include "pipeline/model_config.hpp"
#include "pipeline/sidecar.hpp"

namespace musclemap {
namespace {

using pipeline::JsonField;

/// Any text but NUL, which would end it in C: such names are for people, not for the model.
std::string plain_name(const JsonField& field) {
  if (!field.value().is_string()) field.refuse("a text is needed");
  std::string name = field.value().get<std::string>();
  if (name.size() > io::kLongestLabelName || name.find('\0') != std::string::npos) {
    field.refuse("a text of at most 1024 bytes without NUL is needed");
  }
  return name;
}

/// {"1": "psoas", "7701": "soleus"}.
std::vector<Label> parse_names(const JsonField& field) {
  const nlohmann::json& names = field.value();
  if (names.empty() || names.size() > io::kMostNamedLabels) {
    throw Error(ErrorCode::format, Reason::bad_json,
                field.path() + " has " + std::to_string(names.size()) + " names; 1 to 65536 are needed");
  }
  std::map<std::int32_t, Label> labels;
  for (const auto& entry : names.items()) {
    const std::string key = "\"" + base::printable(entry.key(), 60) + "\"";
    const std::optional<std::int32_t> value = io::label_value(entry.key());
    if (!value) {
      throw Error(ErrorCode::format, Reason::bad_json,
                  field.path() + " has the key " + key + "; " + io::kLabelValuesAllowed);
    }
    Label label;
    label.value = *value;
    label.anatomy = plain_name(JsonField(entry.value(), field.path() + "[" + key + "]"));
    if (!labels.emplace(*value, std::move(label)).second) {
      throw Error(ErrorCode::format, Reason::labels,
                  field.path() + " has the key " + key + ", another spelling of " + std::to_string(*value) +
                      "; values must be unique");
    }
  }
  std::vector<Label> result;
  result.reserve(labels.size());
  for (auto& entry : labels) result.push_back(std::move(entry.second));
  return result;
}

std::vector<Label> read_json_labels(const std::filesystem::path& file) {
  const nlohmann::json document = io::read_json_file(file);
  try {
    const JsonField top(document, "the description");
    if (top.has("labels") && top.at("labels").value().is_object()) return parse_names(top.at("labels"));
    return pipeline::parse_labels(document);
  } catch (const Error& error) {
    throw error.about(file);
  }
}

}  // namespace

std::vector<Label> read_labels(const std::filesystem::path& file) {
  const std::string extension = base::ascii_lower(file.extension().string());
  if (extension == ".json") return read_json_labels(file);
  if (extension == ".csv") return io::read_label_csv(file);
  return ModelBundle::open(file).labels();
}

std::vector<Label> labels_beside(const std::filesystem::path& label_map) {
  const std::filesystem::path sidecar = pipeline::sidecar_path(label_map);
  std::error_code ignored;
  if (!std::filesystem::exists(sidecar, ignored)) return {};
  return read_labels(sidecar);
}

}  // namespace musclemap
