// Names of labels from a text of unknown form.
#ifndef MUSCLEMAP_IO_LABEL_TEXT_LABEL_TEXT_HPP_
#define MUSCLEMAP_IO_LABEL_TEXT_LABEL_TEXT_HPP_

#include <string>
#include <string_view>
#include <vector>

#include "musclemap/labels.hpp"

namespace musclemap::io {

/// What is read, for messages.
constexpr const char* kLabelTablesRead =
    "names are read from a model, JSON, tables with a heading (commas, semicolons or tabs; BIDS, Slicer), "
    "and "
    "colour tables of ITK-SNAP, Slicer, FreeSurfer and FSLeyes";

/// The first row decides: one that begins with a whole number is a viewer's, any other a heading. `text` is
/// UTF-8. Ascending values. Error `format` that names the line.
std::vector<Label> parse_label_text(std::string_view text);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_LABEL_TEXT_LABEL_TEXT_HPP_
