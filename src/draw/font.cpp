#include "draw/font.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "base/utf8.hpp"
#include "draw/glyphs.hpp"

namespace musclemap::draw {
namespace {

constexpr int kAccentGap = 100;  // between two accents over one letter, units of the font

int pixels_per_em(Font font) noexcept {
  switch (font) {
    case Font::small:
      return 13;
    case Font::medium:
      return 16;
    case Font::large:
      break;
  }
  return 24;
}

// Whole pixels that hold a length in units.
std::int64_t pixels(std::int64_t units, Font font) noexcept {
  return (units * pixels_per_em(font) + kUnitsPerEm - 1) / kUnitsPerEm;
}

bool ends_word(char32_t code) noexcept {
  return (code >= 0x09 && code <= 0x0D) || code == 0x85 || code == 0x2028 || code == 0x2029;
}

// Control characters and those that only tell others how to stand.
bool is_silent(char32_t code) noexcept {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xAD || (code >= 0x200B && code <= 0x200F) ||
         (code >= 0x202A && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) ||
         (code >= 0xFE00 && code <= 0xFE0F) || code == 0xFEFF || (code >= 0xE0000 && code <= 0xE0FFF);
}

// A glyph and its origin, units from the text's, y upwards.
struct Placed {
  int glyph;
  std::int64_t x;
  int y;
};

// Sets glyphs side by side, and accents that are characters of their own over or under the letter before.
class Setter {
 public:
  explicit Setter(std::string_view text) {
    while (!text.empty()) add(base::take_code_point(text));
  }

  std::int64_t advance() const noexcept { return advance_; }
  const std::vector<Placed>& placed() const noexcept { return placed_; }

 private:
  void add(char32_t code) {
    if (ends_word(code)) code = ' ';
    if (is_silent(code)) return;
    const int glyph = glyph_of(code);
    const int advance = advance_of(glyph);
    const Outline outline = outline_of(glyph);
    if (advance == 0 && letter_.right > letter_.left) {
      add_accent(glyph, outline);
      return;
    }
    placed_.push_back({glyph, advance_, 0});
    letter_ = outline;
    letter_at_ = advance_;
    top_ = outline.top;
    advance_ += advance;
  }

  void add_accent(int glyph, const Outline& outline) {
    const int shift = (letter_.left + letter_.right - outline.left - outline.right) / 2;
    const bool above = outline.bottom >= kSmallLetterTop;
    const int rise = above ? std::max(0, top_ - kSmallLetterTop) : 0;
    placed_.push_back({glyph, letter_at_ + shift, rise});
    if (above) top_ = outline.top + rise + kAccentGap;
  }

  std::vector<Placed> placed_;
  std::int64_t advance_ = 0;
  Outline letter_;
  std::int64_t letter_at_ = 0;
  int top_ = 0;  // of the letter and the accents over it
};

// The glyph's pixels, from the top left corner of the line.
Bitmap bitmap_in_line(const Placed& placed, Font font) {
  const int size = pixels_per_em(font);
  const std::int64_t x = placed.x * size;
  const std::int64_t whole = (x - (x < 0 ? kUnitsPerEm - 1 : 0)) / kUnitsPerEm;
  const float shift = static_cast<float>(x - whole * kUnitsPerEm) / kUnitsPerEm;
  Bitmap bitmap = bitmap_of(placed.glyph, size, shift);
  bitmap.left += static_cast<int>(whole);
  bitmap.top += static_cast<int>(pixels(kAscent, font) - pixels(placed.y, font));
  return bitmap;
}

// A mask of nothing that holds all of them.
TextMask mask_around(const std::vector<Bitmap>& bitmaps) {
  TextMask mask;
  if (bitmaps.empty()) return mask;
  mask.left = bitmaps.front().left;
  mask.top = bitmaps.front().top;
  int right = mask.left;
  int bottom = mask.top;
  for (const Bitmap& bitmap : bitmaps) {
    mask.left = std::min(mask.left, bitmap.left);
    mask.top = std::min(mask.top, bitmap.top);
    right = std::max(right, bitmap.left + bitmap.width);
    bottom = std::max(bottom, bitmap.top + bitmap.height);
  }
  mask.width = right - mask.left;
  mask.height = bottom - mask.top;
  mask.cover.resize(static_cast<std::size_t>(mask.width) * static_cast<std::size_t>(mask.height));
  return mask;
}

// Where two glyphs touch a pixel, the one that covers more of it counts.
void add(TextMask& mask, const Bitmap& bitmap) {
  const auto width = static_cast<std::size_t>(bitmap.width);
  for (int row = 0; row < bitmap.height; ++row) {
    const std::uint8_t* from = bitmap.cover.data() + static_cast<std::size_t>(row) * width;
    const int line = bitmap.top - mask.top + row;
    std::uint8_t* to = mask.cover.data() +
                       static_cast<std::size_t>(line) * static_cast<std::size_t>(mask.width) +
                       (bitmap.left - mask.left);
    std::transform(from, from + width, to, to, [](std::uint8_t a, std::uint8_t b) { return std::max(a, b); });
  }
}

}  // namespace

int line_height(Font font) { return static_cast<int>(pixels(kAscent, font) + pixels(kDescent, font)); }

int text_width(std::string_view text, Font font) {
  const std::int64_t width = pixels(Setter(text).advance(), font);
  return static_cast<int>(std::min<std::int64_t>(width, std::numeric_limits<int>::max()));
}

TextMask text_mask(std::string_view text, Font font) {
  const Setter set(text);
  std::vector<Bitmap> bitmaps;
  for (const Placed& placed : set.placed()) {
    bitmaps.push_back(bitmap_in_line(placed, font));
    if (bitmaps.back().cover.empty()) bitmaps.pop_back();
  }
  TextMask mask = mask_around(bitmaps);
  for (const Bitmap& bitmap : bitmaps) add(mask, bitmap);
  return mask;
}

}  // namespace musclemap::draw
