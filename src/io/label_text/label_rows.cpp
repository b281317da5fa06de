#include "io/label_text/label_rows.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

// Spreadsheets and data frames write whole numbers as "7701.0" where a column has gaps.
std::string_view without_zero_fraction(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos || point == 0 || point + 1 == text.size()) return text;
  return text.find_first_not_of('0', point + 1) == std::string_view::npos ? text.substr(0, point) : text;
}

bool is_zero(std::string_view text) {
  return !text.empty() && text.find_first_not_of('0') == std::string_view::npos;
}

void check_name(std::size_t line, const std::string& name, const char* column) {
  if (name.size() <= kLongestLabelName && name.find('\0') == std::string::npos) return;
  refuse_line(line, std::string(column) + " is \"" + base::printable(name, 60) +
                        "\"; at most 1024 bytes without NUL are allowed");
}

}  // namespace

std::optional<std::int32_t> label_value(std::string_view text) {
  std::int32_t value = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || value == 0) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

void refuse_line(std::size_t line, const std::string& problem) {
  throw Error(ErrorCode::format, Reason::labels, "line " + std::to_string(line) + ": " + problem);
}

void LabelRows::add(std::size_t line, std::string_view text, Label label) {
  const std::string_view number = without_zero_fraction(trimmed(text));
  if (is_zero(number)) return;
  const std::optional<std::int32_t> value = label_value(number);
  if (!value) refuse_line(line, "value is \"" + base::printable(text, 60) + "\"; " + kLabelValuesAllowed);
  check_name(line, label.region, "region");
  check_name(line, label.anatomy, "anatomy");
  check_name(line, label.side, "side");
  check_name(line, label.snomed, "snomed");
  check_name(line, label.kind, "kind");
  if (labels_.size() == kMostNamedLabels) refuse_line(line, "the table has more than 65536 labels");
  const auto [earlier, is_new] = lines_.emplace(*value, line);
  if (!is_new) {
    refuse_line(line, "value is " + std::to_string(*value) + ", the same as in line " +
                          std::to_string(earlier->second) + "; values must be unique");
  }
  label.value = *value;
  labels_.push_back(std::move(label));
}

std::vector<Label> LabelRows::take() {
  if (labels_.empty()) {
    throw Error(ErrorCode::format, Reason::labels, "the table has no labels; 1 to 65536 are needed");
  }
  std::sort(labels_.begin(), labels_.end(), [](const Label& a, const Label& b) { return a.value < b.value; });
  return std::move(labels_);
}

}  // namespace musclemap::io
