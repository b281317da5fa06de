// Small text helpers that no locale influences.
#ifndef MUSCLEMAP_BASE_TEXT_HPP_
#define MUSCLEMAP_BASE_TEXT_HPP_

#include <cstddef>
#include <string>
#include <string_view>

namespace musclemap::base {

/// Text from a file made fit for a one-line message: anything but printable ASCII becomes '?', at most
/// `limit` characters are kept.
std::string printable(std::string_view text, std::size_t limit = 80);

/// ASCII lower case.
std::string lower_ascii(std::string_view text);

/// True for 64 hexadecimal digits.
bool is_sha256_hex(std::string_view text);

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_TEXT_HPP_
