// UTF-8 read a code point at a time.
#ifndef MUSCLEMAP_BASE_UTF8_HPP_
#define MUSCLEMAP_BASE_UTF8_HPP_

#include <string_view>

namespace musclemap::base {

/// U+FFFD, which stands for bytes that are no UTF-8.
constexpr char32_t kReplacement = 0xFFFD;

/// Takes the first code point off `text`, which is not empty. Bytes that are no UTF-8 give kReplacement, once
/// for as many as could have begun a character (Unicode, section 3.9, substitution of maximal subparts).
char32_t take_code_point(std::string_view& text) noexcept;

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_UTF8_HPP_
