// The label tables of src/io/label_tables, which the build puts into the library.
#ifndef MUSCLEMAP_IO_LABEL_TABLES_EMBEDDED_LABELS_HPP_
#define MUSCLEMAP_IO_LABEL_TABLES_EMBEDDED_LABELS_HPP_

#include <string_view>
#include <vector>

namespace musclemap::io {

struct EmbeddedLabels {
  const char* region;
  const char* version;
  std::string_view csv;  ///< for parse_label_csv()
};

/// A table for each file <region>_<version>.csv.
std::vector<EmbeddedLabels> embedded_labels();

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_LABEL_TABLES_EMBEDDED_LABELS_HPP_
