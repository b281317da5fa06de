// What a file is that is not what was expected.
#ifndef MUSCLEMAP_IO_FILES_FOREIGN_FORMAT_HPP_
#define MUSCLEMAP_IO_FILES_FOREIGN_FORMAT_HPP_

#include <cstddef>
#include <string>
#include <string_view>

namespace musclemap::io {

/// So many bytes from the start are enough to tell.
constexpr std::size_t kForeignFormatBytes = 348;

struct ForeignFormat {
  std::string name;   ///< "a DICOM file"; empty: not known
  std::string cure;   ///< how to make NIfTI of it; empty: no way
  bool text = false;  ///< plain text, that is, nothing more is known

  /// Both, for a message.
  std::string with_cure() const;
};

/// By the first bytes of a file, or of what a gzip file holds.
ForeignFormat foreign_format(std::string_view start);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_FOREIGN_FORMAT_HPP_
