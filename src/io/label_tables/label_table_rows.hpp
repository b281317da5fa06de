// Labels as a viewer can hold them.
#ifndef MUSCLEMAP_IO_LABEL_TABLES_LABEL_TABLE_ROWS_HPP_
#define MUSCLEMAP_IO_LABEL_TABLES_LABEL_TABLE_ROWS_HPP_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "musclemap/labels.hpp"

namespace musclemap::io {

/// What a viewer reads.
struct Viewer {
  const char* name;
  std::int32_t most;  ///< highest value; the lowest of a label is 1
  bool reads_blanks;  ///< in names
  const char*
      reserved;  ///< a name that no label may have: that of the row for 0, or what says that there is none
};

struct Row {
  std::string value;
  std::string name;
  std::array<std::uint8_t, 3> colour;
};

/// Without what the format cannot hold; blanks once, and none at the ends, where readers drop them.
std::string sanitised(const std::string& name, bool keep_blanks);

/// A row for each label, names unique: the first label of a name keeps it, others get their value appended.
/// Error `argument` for a value out of the viewer's range, or that two labels have.
std::vector<Row> rows_of(const std::vector<Label>& labels, const Viewer& viewer);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_LABEL_TABLES_LABEL_TABLE_ROWS_HPP_
