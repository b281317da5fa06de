// Names of labels in the XML of Caret, which Connectome Workbench and TotalSegmentator put into NIfTI
// headers.
#ifndef MUSCLEMAP_IO_LABEL_TEXT_CARET_LABELS_HPP_
#define MUSCLEMAP_IO_LABEL_TEXT_CARET_LABELS_HPP_

#include <string_view>
#include <vector>

#include "musclemap/labels.hpp"

namespace musclemap::io {

/// The elements <Label Key="5">liver</Label>, wherever they stand, with the name as text or as CDATA; the
/// name becomes the anatomy. Key 0 is passed over. Ascending values; empty where the text has no such
/// element, or one that cannot be read: a bad key, a key twice, a name of more than 1024 bytes, more than
/// 65536 labels.
std::vector<Label> parse_caret_labels(std::string_view text);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_LABEL_TEXT_CARET_LABELS_HPP_
