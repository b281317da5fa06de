// Names of labels as a table of separated values with a heading.
#ifndef MUSCLEMAP_IO_LABEL_TEXT_LABEL_CSV_HPP_
#define MUSCLEMAP_IO_LABEL_TEXT_LABEL_CSV_HPP_

#include <string_view>
#include <vector>

#include "musclemap/labels.hpp"

namespace musclemap::io {

/// Heading and a label a line, separated by commas, semicolons or tabs; see read_labels(). Ascending values.
/// Error `format`, reason `labels` for what the table says and `corrupt` for how it is written; names the
/// line.
std::vector<Label> parse_label_csv(std::string_view text);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_LABEL_TEXT_LABEL_CSV_HPP_
