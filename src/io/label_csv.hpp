// Names of labels as a table of comma-separated values.
#ifndef MUSCLEMAP_IO_LABEL_CSV_HPP_
#define MUSCLEMAP_IO_LABEL_CSV_HPP_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
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

/// Heading and a label a line; see read_labels(). Ascending values. Error `format`, reason `labels` for what
/// the table says and `corrupt` for how it is written; names the line.
std::vector<Label> parse_label_csv(std::string_view text);

/// The same from a file of at most 16 MiB, which the error names.
std::vector<Label> read_label_csv(const std::filesystem::path& file);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_LABEL_CSV_HPP_
