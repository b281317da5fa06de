#include "draw/glyphs.hpp"

#include <cstddef>

#include "draw/embedded_font.hpp"

// Functions of its own for this file: a host may have another copy.
#define STBTT_STATIC
#define STB_TRUETYPE_IMPLEMENTATION
#include <stb_truetype.h>

namespace musclemap::draw {
namespace {

const stbtt_fontinfo& face() {
  static const stbtt_fontinfo info = [] {
    stbtt_fontinfo opened{};
    const auto* bytes = reinterpret_cast<const unsigned char*>(embedded_font());
    stbtt_InitFont(&opened, bytes, stbtt_GetFontOffsetForIndex(bytes, 0));
    return opened;
  }();
  return info;
}

}  // namespace

int glyph_of(char32_t letter) { return stbtt_FindGlyphIndex(&face(), static_cast<int>(letter)); }

int advance_of(int glyph) {
  int advance = 0;
  stbtt_GetGlyphHMetrics(&face(), glyph, &advance, nullptr);
  return advance;
}

Outline outline_of(int glyph) {
  Outline box;
  stbtt_GetGlyphBox(&face(), glyph, &box.left, &box.bottom, &box.right, &box.top);
  return box;
}

Bitmap bitmap_of(int glyph, int pixels_per_em, float shift) {
  const float scale = static_cast<float>(pixels_per_em) / kUnitsPerEm;
  Bitmap bitmap;
  int right = 0;
  int bottom = 0;
  stbtt_GetGlyphBitmapBoxSubpixel(&face(), glyph, scale, scale, shift, 0, &bitmap.left, &bitmap.top, &right,
                                  &bottom);
  bitmap.width = right - bitmap.left;
  bitmap.height = bottom - bitmap.top;
  bitmap.cover.resize(static_cast<std::size_t>(bitmap.width) * static_cast<std::size_t>(bitmap.height));
  if (!bitmap.cover.empty()) {
    stbtt_MakeGlyphBitmapSubpixel(&face(), bitmap.cover.data(), bitmap.width, bitmap.height, bitmap.width,
                                  scale, scale, shift, 0, glyph);
  }
  return bitmap;
}

}  // namespace musclemap::draw
