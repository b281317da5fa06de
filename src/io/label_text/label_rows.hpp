// Labels gathered from the rows of a table.
#ifndef MUSCLEMAP_IO_LABEL_TEXT_LABEL_ROWS_HPP_
#define MUSCLEMAP_IO_LABEL_TEXT_LABEL_ROWS_HPP_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "musclemap/labels.hpp"

namespace musclemap::io {

/// Most labels and longest name (bytes) of a table that is read for its names.
constexpr std::size_t kMostNamedLabels = 65536;
constexpr std::size_t kLongestLabelName = 1024;

/// What label_value() takes, for messages.
constexpr const char* kLabelValuesAllowed =
    "a whole number from -2147483648 to 2147483647 other than 0 is needed";

/// A decimal integer without blanks, of 32 bits and not 0; empty for anything else.
std::optional<std::int32_t> label_value(std::string_view text);

/// Without blanks at both ends.
std::string_view trimmed(std::string_view text);

/// Error `format`, reason `labels`: "line N: problem".
[[noreturn]] void refuse_line(std::size_t line, const std::string& problem);

/// Checks every row; the background's are passed over. One thread at a time.
class LabelRows {
 public:
  /// `value` as the table has it; blanks around it, and ".0" behind it, do not matter. label.value is not
  /// used. Error `format`, reason `labels`, with the line: a bad value or name, a value that was there
  /// before, too many rows.
  void add(std::size_t line, std::string_view value, Label label);

  /// By value. Error `format`, reason `labels`, if there is none.
  std::vector<Label> take();

 private:
  std::map<std::int32_t, std::size_t> lines_;  // by value
  std::vector<Label> labels_;
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_LABEL_TEXT_LABEL_ROWS_HPP_
