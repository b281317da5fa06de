// Text as pixels: DejaVu Sans, which is part of the library, so that text looks the same everywhere.
#ifndef MUSCLEMAP_DRAW_FONT_HPP_
#define MUSCLEMAP_DRAW_FONT_HPP_

#include <cstdint>
#include <string_view>
#include <vector>

namespace musclemap::draw {

enum class Font { small, medium, large };

// Text is UTF-8. Bytes that are no UTF-8 are drawn as U+FFFD, letters that the font lacks as a box, tabs and
// line ends as blanks; other control characters and marks of direction are left out.

/// Height of a line, pixels.
int line_height(Font font);

/// Width of a text in one line, pixels.
int text_width(std::string_view text, Font font);

/// How much of each pixel a text covers.
struct TextMask {
  int left = 0;  ///< of the mask, from where the text begins
  int top = 0;   ///< of the mask, from the top of the line
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> cover;  ///< rows from the top; 0: nothing, 255: all
};

TextMask text_mask(std::string_view text, Font font);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_FONT_HPP_
