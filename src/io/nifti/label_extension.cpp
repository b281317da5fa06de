#include "io/nifti/label_extension.hpp"

#include <cstdint>
#include <cstring>
#include <string_view>

#include "io/label_text/caret_labels.hpp"
#include "io/nifti/nifti_header.hpp"

namespace musclemap::io {

std::vector<Label> labels_in_header(const NiftiHeader& header) {
  constexpr std::size_t kSizeAndCode = 8;
  const std::vector<unsigned char>& bytes = header.extensions;
  std::size_t at = 0;
  while (at + kSizeAndCode <= bytes.size()) {
    std::int32_t size = 0;
    std::memcpy(&size, bytes.data() + at, sizeof size);
    if (size < static_cast<std::int32_t>(kSizeAndCode) || static_cast<std::size_t>(size) > bytes.size() - at)
      break;
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + at + kSizeAndCode,
                                static_cast<std::size_t>(size) - kSizeAndCode);
    std::vector<Label> labels = parse_caret_labels(text);
    if (!labels.empty()) return labels;
    at += static_cast<std::size_t>(size);
  }
  return {};
}

}  // namespace musclemap::io
