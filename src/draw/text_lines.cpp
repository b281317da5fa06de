#include "draw/text_lines.hpp"

#include "base/utf8.hpp"

namespace musclemap::draw {
namespace {

constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

}  // namespace

std::string fit_text(std::string_view text, Font font, int width) {
  if (text_width(text, font) <= width) return std::string(text);
  // Ends of whole letters, of which the last that fits is sought by halves.
  std::vector<std::size_t> ends = {0};
  for (std::string_view rest = text; !rest.empty();) {
    base::take_code_point(rest);
    ends.push_back(text.size() - rest.size());
  }
  const auto shortened = [&](std::size_t letters) {
    std::string_view kept = text.substr(0, ends[letters]);
    while (!kept.empty() && kept.back() == ' ') kept.remove_suffix(1);
    return std::string(kept).append(kEllipsis);
  };
  std::size_t fits = 0;
  for (std::size_t beyond = ends.size(); beyond - fits > 1;) {
    const std::size_t middle = fits + (beyond - fits) / 2;
    (text_width(shortened(middle), font) <= width ? fits : beyond) = middle;
  }
  return shortened(fits);
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

std::vector<std::string> fit_lines(std::string_view text, Font font, int width, std::size_t most) {
  std::vector<std::string> lines = wrap_text(text, font, width);
  if (lines.size() > most) {
    lines.resize(most);
    lines.back().append(kEllipsis);
  }
  for (std::string& line : lines) line = fit_text(line, font, width);
  return lines;
}

}  // namespace musclemap::draw
