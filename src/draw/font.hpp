// Glyphs of printable ASCII at three sizes, so that text looks the same everywhere.
#ifndef MUSCLEMAP_DRAW_FONT_HPP_
#define MUSCLEMAP_DRAW_FONT_HPP_

#include <string>
#include <string_view>
#include <vector>

namespace musclemap::draw {

enum class Font { small, medium, large };

/// One character, as a table of coverage.
struct Glyph {
  int advance;  ///< pixels to the next character
  int left;     ///< of the table relative to the pen
  int top;      ///< of the table relative to the top of the line
  int width;
  int height;
  const char* digits;  ///< one hexadecimal digit per pixel, row by row

  double coverage(int column, int row) const noexcept {
    const char digit = digits[row * width + column];
    return (digit <= '9' ? digit - '0' : digit - 'a' + 10) / 15.0;
  }
};

/// The glyph of '?' for anything outside of printable ASCII.
const Glyph& glyph_of(Font font, char character) noexcept;

/// Height of a line, pixels.
int line_height(Font font) noexcept;

int text_width(std::string_view text, Font font) noexcept;

/// The text, cut and ended with ".." where it is wider than `width`.
std::string fit_text(std::string_view text, Font font, int width);

/// The text in lines no wider than `width`, broken at blanks; a longer word stays whole.
std::vector<std::string> wrap_text(std::string_view text, Font font, int width);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_FONT_HPP_
