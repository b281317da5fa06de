// Text for messages: the same bytes in every locale, one line whatever the input holds.
#ifndef MUSCLEMAP_BASE_TEXT_HPP_
#define MUSCLEMAP_BASE_TEXT_HPP_

#include <cstddef>
#include <string>
#include <string_view>

namespace musclemap::base {

/// The shortest decimal that reads back as `value`; "nan", "inf" or "-inf" where it is not finite.
std::string number_text(double value);

/// The bytes with control characters, and the backslash, written as \xNN, so that they stay on one line; what
/// is longer than `limit` bytes is cut and ends in "...".
std::string printable(std::string_view bytes, std::size_t limit = 255);

/// Copy with A-Z as a-z; every other byte stays.
std::string ascii_lower(std::string_view text);

bool ends_with(std::string_view text, std::string_view end);

/// True for 64 hexadecimal digits.
bool is_sha256_hex(std::string_view text);

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_TEXT_HPP_
