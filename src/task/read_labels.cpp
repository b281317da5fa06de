#include <algorithm>
#include <array>
#include <map>

#include "base/text.hpp"
#include "base/warnings.hpp"
#include "io/files/file_bytes.hpp"
#include "io/files/foreign_format.hpp"
#include "io/files/input_file.hpp"
#include "io/files/json_fields.hpp"
#include "io/files/json_file.hpp"
#include "io/files/text_encoding.hpp"
#include "io/label_text/label_rows.hpp"
#include "io/label_text/label_text.hpp"
#include "io/nifti/nifti_paths.hpp"
#include "musclemap/error.hpp"
#include "musclemap/labels.hpp"
#include "musclemap/model_bundle.hpp"
#include "task/model_config.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;
using io::JsonField;

constexpr std::uint64_t kLargestTable = std::uint64_t{16} << 20;

/// Any text but NUL, which would end it in C: such names are for people, not for the model.
std::string plain_name(const io::JsonField& field) {
  if (!field.value().is_string()) field.refuse("a text is needed");
  std::string name = field.value().get<std::string>();
  if (name.size() > io::kLongestLabelName || name.find('\0') != std::string::npos) {
    field.refuse("a text of at most 1024 bytes without NUL is needed");
  }
  return name;
}

/// {"1": "psoas", "7701": "soleus"}; "0" is the background.
std::vector<Label> parse_names(const io::JsonField& field) {
  const nlohmann::json& names = field.value();
  const std::size_t count = names.size() - names.count("0");
  if (count == 0 || count > io::kMostNamedLabels) {
    throw Error(ErrorCode::format, Reason::bad_json,
                field.path() + " has " + std::to_string(count) + " names; 1 to 65536 are needed");
  }
  std::map<std::int32_t, Label> labels;
  for (const auto& entry : names.items()) {
    if (entry.key() == "0") continue;
    const std::string key = "\"" + base::printable(entry.key(), 60) + "\"";
    const std::optional<std::int32_t> value = io::label_value(entry.key());
    if (!value) {
      throw Error(ErrorCode::format, Reason::bad_json,
                  field.path() + " has the key " + key + "; " + io::kLabelValuesAllowed);
    }
    Label label;
    label.value = *value;
    label.anatomy = plain_name(io::JsonField(entry.value(), field.path() + "[" + key + "]"));
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

std::vector<Label> parse_json_labels(std::string_view text) {
  const nlohmann::json document = io::parse_json(text);
  const io::JsonField top(document, "the description");
  if (top.has("labels") && top.at("labels").value().is_object()) return parse_names(top.at("labels"));
  return task::parse_labels(document, task::Background::passed_over);
}

/// Zip archives and pickles are weights, or nothing that holds names.
bool is_model(const fs::path& path, std::string_view start) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return true;
  const std::string extension = base::ascii_lower(path.extension().string());
  return extension == ".pth" || extension == ".pt" || extension == ".ts" || start.substr(0, 2) == "PK" ||
         start.substr(0, 1) == "\x80";
}

std::string start_of(const fs::path& file) {
  const io::InputFile input(file);
  std::array<char, io::kForeignFormatBytes> bytes{};
  return {bytes.data(), input.read(0, bytes.data(), bytes.size())};
}

void refuse_other_files(const std::string& start) {
  const io::ForeignFormat format = io::foreign_format(start);
  if (start.empty() || format.name.empty() || format.text) return;
  throw Error(ErrorCode::format, Reason::labels, "is " + format.with_cure() + "; " + io::kLabelTablesRead);
}

bool begins_as_json(std::string_view text) {
  const std::string_view content = io::trimmed(text);
  return !content.empty() && (content.front() == '{' || content.front() == '[');
}

std::vector<Label> read_table(const fs::path& file) {
  refuse_other_files(start_of(file));
  const std::string bytes = io::read_file_bytes(file, kLargestTable);
  const bool named = base::ascii_lower(file.extension().string()) == ".json";
  // JSON is UTF-8 and says itself what is wrong with it.
  if (!io::is_utf16(bytes) && (named || begins_as_json(bytes))) return parse_json_labels(bytes);
  const std::string text = io::utf8_text(bytes);
  return named || begins_as_json(text) ? parse_json_labels(text) : io::parse_label_text(text);
}

}  // namespace

std::vector<Label> read_labels(const fs::path& file) {
  std::error_code ignored;
  const bool folder = fs::is_directory(file, ignored);
  if (is_model(file, folder ? std::string() : start_of(file))) return ModelBundle::open(file).labels();
  try {
    return read_table(file);
  } catch (const Error& error) {
    throw error.about(file);
  }
}

std::vector<Label> labels_beside(const fs::path& label_map, const RunControl& control) {
  const fs::path sidecar = io::sidecar_path(label_map);
  std::error_code ignored;
  if (!fs::exists(sidecar, ignored)) return {};
  try {
    return read_table(sidecar);
  } catch (const Error& error) {
    base::warn(control, WarningCode::names_ignored,
               "'" + base::printable(sidecar.filename().native()) +
                   "' beside the label map is no table of names and is passed over: " + error.what());
    return {};
  }
}

}  // namespace musclemap
