// Tables of colours and names as viewers keep them, read for the names. Each function takes all lines of one
// file; Error `format`, reason `labels`, names line and field.
#ifndef MUSCLEMAP_IO_LABEL_TEXT_VIEWER_FORMATS_HPP_
#define MUSCLEMAP_IO_LABEL_TEXT_VIEWER_FORMATS_HPP_

#include <vector>

#include "io/label_text/viewer_lines.hpp"
#include "musclemap/labels.hpp"

namespace musclemap::io {

/// ITK-SNAP's label description: value R G B A VIS MSH "name".
bool is_itksnap(const ViewerLine& line);
std::vector<Label> parse_itksnap(const std::vector<ViewerLine>& lines);

/// FSLeyes: value R G B name, colours from 0 to 1.
bool is_fsleyes(const ViewerLine& line);
std::vector<Label> parse_fsleyes(const std::vector<ViewerLine>& lines);

/// Slicer's .ctbl and FreeSurfer's colour table: value name R G B [A], colours from 0 to 255.
std::vector<Label> parse_colour_table(const std::vector<ViewerLine>& lines);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_LABEL_TEXT_VIEWER_FORMATS_HPP_
