#include "draw/font.hpp"

namespace musclemap::draw {
namespace {

// clang-format off
#include "draw/font_glyphs.inc"
// clang-format on

}  // namespace

const Glyph& glyph_of(Font font, char character) noexcept {
  const int index = character >= ' ' && character <= '~' ? character - ' ' : '?' - ' ';
  switch (font) {
    case Font::small:
      return kSmallGlyphs[index];
    case Font::medium:
      return kMediumGlyphs[index];
    case Font::large:
      break;
  }
  return kLargeGlyphs[index];
}

int line_height(Font font) noexcept {
  switch (font) {
    case Font::small:
      return kSmallHeight;
    case Font::medium:
      return kMediumHeight;
    case Font::large:
      break;
  }
  return kLargeHeight;
}

int text_width(std::string_view text, Font font) noexcept {
  int width = 0;
  for (const char character : text) width += glyph_of(font, character).advance;
  return width;
}

std::string fit_text(std::string_view text, Font font, int width) {
  if (text_width(text, font) <= width) return std::string(text);
  const int dots = text_width("..", font);
  std::string result;
  int used = dots;
  for (const char character : text) {
    used += glyph_of(font, character).advance;
    if (used > width) break;
    result += character;
  }
  while (!result.empty() && result.back() == ' ') result.pop_back();
  return result + "..";
}

std::vector<std::string> wrap_text(std::string_view text, Font font, int width) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = text.find(' ', at);
    if (end == std::string_view::npos) end = text.size();
    const std::string_view word = text.substr(at, end - at);
    if (!word.empty()) {
      const std::string longer = line.empty() ? std::string(word) : line + " " + std::string(word);
      if (!line.empty() && text_width(longer, font) > width) {
        lines.push_back(line);
        line = word;
      } else {
        line = longer;
      }
    }
    at = end + 1;
  }
  if (!line.empty()) lines.push_back(line);
  return lines;
}

}  // namespace musclemap::draw
