// Texts that have to find room: shortened, and in several lines.
#ifndef MUSCLEMAP_DRAW_TEXT_LINES_HPP_
#define MUSCLEMAP_DRAW_TEXT_LINES_HPP_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "draw/font.hpp"

namespace musclemap::draw {

/// The text; where it is wider than `width`, as many whole letters as leave room for the ellipsis that
/// follows them.
std::string fit_text(std::string_view text, Font font, int width);

/// The text in lines no wider than `width`, broken at blanks; a longer word stays whole.
std::vector<std::string> wrap_text(std::string_view text, Font font, int width);

/// The same in at most `most` lines (1 or more); what finds no room there, or is a longer word, ends in an
/// ellipsis.
std::vector<std::string> fit_lines(std::string_view text, Font font, int width, std::size_t most);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_TEXT_LINES_HPP_
