// Text files as UTF-8.
#ifndef MUSCLEMAP_IO_FILES_TEXT_ENCODING_HPP_
#define MUSCLEMAP_IO_FILES_TEXT_ENCODING_HPP_

#include <string>
#include <string_view>

namespace musclemap::io {

/// The text without its byte order mark: UTF-8 with or without one, UTF-16 with one. Error `format`, reason
/// `corrupt`, for any other encoding; names the line and the byte.
std::string utf8_text(std::string_view bytes);

/// Whether the byte order mark is that of UTF-16.
bool is_utf16(std::string_view bytes);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_TEXT_ENCODING_HPP_
