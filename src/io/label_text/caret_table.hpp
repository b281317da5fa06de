// The label table that TotalSegmentator puts into NIfTI headers, which Connectome Workbench reads as well.
#ifndef MUSCLEMAP_IO_LABEL_TEXT_CARET_TABLE_HPP_
#define MUSCLEMAP_IO_LABEL_TEXT_CARET_TABLE_HPP_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace musclemap::io {

/// Caret's XML, byte for byte as TotalSegmentator 2.18.0 writes it (docs/chains/totalsegmentator.md, section
/// 11), of values and names in the order given. In names "]]>", which XML cannot hold there, becomes "]]".
std::string caret_label_table(const std::vector<std::pair<std::int32_t, std::string>>& names);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_LABEL_TEXT_CARET_TABLE_HPP_
