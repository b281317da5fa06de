// UTF-8 text as a terminal shows it.
#ifndef MUSCLEMAP_CLI_DISPLAY_TEXT_HPP_
#define MUSCLEMAP_CLI_DISPLAY_TEXT_HPP_

#include <cstddef>
#include <string>
#include <string_view>

namespace musclemap::cli {

/// Columns that the text takes: two for wide characters, none for accents that stand on others, one for a
/// byte that is no UTF-8.
std::size_t display_columns(std::string_view text);

/// At most `columns` wide: what is wider loses its middle to "...", never a part of a character.
std::string shortened(std::string_view text, std::size_t columns);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_DISPLAY_TEXT_HPP_
