// Glyphs of the embedded font. Lengths in units of the font, y upwards, unless they are called pixels.
#ifndef MUSCLEMAP_DRAW_GLYPHS_HPP_
#define MUSCLEMAP_DRAW_GLYPHS_HPP_

#include <cstdint>
#include <vector>

namespace musclemap::draw {

constexpr int kUnitsPerEm = 2048;
constexpr int kAscent = 1901;          ///< from the baseline to the top of a line
constexpr int kDescent = 483;          ///< to its bottom
constexpr int kSmallLetterTop = 1147;  ///< of round letters without ascender

/// The font's glyph of a letter; that of a box where it has none.
int glyph_of(char32_t letter);

/// From a glyph's origin to the next glyph's; 0 for accents.
int advance_of(int glyph);

/// What a glyph covers, from its origin; all 0 for a blank.
struct Outline {
  int left = 0;
  int bottom = 0;
  int right = 0;
  int top = 0;
};

Outline outline_of(int glyph);

/// A glyph in pixels.
struct Bitmap {
  int left = 0;  ///< of the bitmap, from the origin's pixel
  int top = 0;   ///< of the bitmap, downwards from the baseline
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> cover;  ///< rows from the top; 0: nothing, 255: all
};

/// @param pixels_per_em size of the letters
/// @param shift of the origin to the right, part of a pixel
Bitmap bitmap_of(int glyph, int pixels_per_em, float shift);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_GLYPHS_HPP_
