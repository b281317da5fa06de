#include "io/label_csv.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <string>

#include "base/text.hpp"
#include "io/csv_reader.hpp"
#include "io/file_bytes.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::uint64_t kLargestTable = std::uint64_t{16} << 20;

[[noreturn]] void refuse(const CsvRecord& record, const std::string& problem) {
  throw Error(ErrorCode::format, Reason::labels, "line " + std::to_string(record.line) + ": " + problem);
}

/// Positions of the columns by name in lower case.
class Heading {
 public:
  explicit Heading(const CsvRecord& record) : size_(record.fields.size()) {
    for (std::size_t i = 0; i < size_; ++i) {
      const std::string name = base::ascii_lower(record.fields[i]);
      if (!places_.emplace(name, i).second && known(name)) refuse(record, "two columns are named " + name);
    }
    for (const char* needed : {"value", "anatomy"}) {
      if (places_.count(needed) != 0) continue;
      refuse(record, "the heading has no column " + std::string(needed) +
                         "; value, region, anatomy, side, snomed and kind are read");
    }
  }

  std::size_t size() const { return size_; }

  /// Empty where the table lacks the column.
  std::string cell(const CsvRecord& record, const char* name) const {
    const auto place = places_.find(name);
    return place == places_.end() ? std::string() : record.fields[place->second];
  }

 private:
  static bool known(const std::string& name) {
    return name == "value" || name == "region" || name == "anatomy" || name == "side" || name == "snomed" ||
           name == "kind";
  }

  std::map<std::string, std::size_t> places_;
  std::size_t size_;
};

std::string name_of(const Heading& heading, const CsvRecord& record, const char* column) {
  std::string name = heading.cell(record, column);
  if (name.size() > kLongestLabelName || name.find('\0') != std::string::npos) {
    refuse(record, std::string(column) + " is \"" + base::printable(name, 60) +
                       "\"; at most 1024 bytes without NUL are allowed");
  }
  return name;
}

Label label_of(const Heading& heading, const CsvRecord& record) {
  if (record.fields.size() != heading.size()) {
    refuse(record, std::to_string(record.fields.size()) + " fields; " + std::to_string(heading.size()) +
                       " are needed, as in the heading");
  }
  const std::string text = heading.cell(record, "value");
  const std::optional<std::int32_t> value = label_value(text);
  if (!value) refuse(record, "value is \"" + base::printable(text, 60) + "\"; " + kLabelValuesAllowed);
  Label label;
  label.value = *value;
  label.region = name_of(heading, record, "region");
  label.anatomy = name_of(heading, record, "anatomy");
  label.side = name_of(heading, record, "side");
  label.snomed = name_of(heading, record, "snomed");
  label.kind = name_of(heading, record, "kind");
  return label;
}

}  // namespace

std::optional<std::int32_t> label_value(std::string_view text) {
  std::int32_t value = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || value == 0) return std::nullopt;
  return value;
}

std::vector<Label> parse_label_csv(std::string_view text) {
  CsvReader reader(text);
  CsvRecord record;
  if (!reader.next(record)) {
    throw Error(ErrorCode::format, Reason::labels,
                "the table is empty; a heading such as "
                "value,region,anatomy,side is needed");
  }
  const Heading heading(record);
  std::map<std::int32_t, std::size_t> lines;
  std::vector<Label> labels;
  while (reader.next(record)) {
    if (labels.size() == kMostNamedLabels) refuse(record, "the table has more than 65536 labels");
    Label label = label_of(heading, record);
    const auto [earlier, is_new] = lines.emplace(label.value, record.line);
    if (!is_new) {
      refuse(record, "value is " + std::to_string(label.value) + ", the same as in line " +
                         std::to_string(earlier->second) + "; values must be unique");
    }
    labels.push_back(std::move(label));
  }
  if (labels.empty()) {
    throw Error(ErrorCode::format, Reason::labels, "the table has no labels; 1 to 65536 are needed");
  }
  std::sort(labels.begin(), labels.end(), [](const Label& a, const Label& b) { return a.value < b.value; });
  return labels;
}

std::vector<Label> read_label_csv(const std::filesystem::path& file) {
  try {
    return parse_label_csv(read_file_bytes(file, kLargestTable));
  } catch (const Error& error) {
    throw error.about(file);
  }
}

}  // namespace musclemap::io
