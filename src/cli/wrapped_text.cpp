#include "cli/wrapped_text.hpp"

#include <algorithm>
#include <sstream>

#include "cli/display_text.hpp"

namespace musclemap::cli {
namespace {

constexpr std::size_t kIndent = 2;

std::string continued(const std::string& command, std::size_t columns) {
  constexpr std::size_t kMoreIndent = 6;
  const std::string mark = " \\";
  std::string text = wrapped(command, columns - mark.size(), kMoreIndent);
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + mark.size() + 1))
    text.insert(at, mark);
  return text;
}

}  // namespace

std::string wrapped(const std::string& text, std::size_t columns, std::size_t indent) {
  std::string result;
  std::size_t used = indent;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::size_t width = display_columns(word);
    if (!result.empty() && used + 1 + width > columns) {
      result += "\n" + std::string(indent, ' ');
      used = indent;
    } else if (!result.empty()) {
      result += ' ';
      ++used;
    }
    result += word;
    used += width;
  }
  return result;
}

std::string definition(const std::string& term, const std::string& meaning, std::size_t columns) {
  const std::size_t column = std::clamp<std::size_t>(columns / 3, 12, 28);
  const std::size_t end_of_term = kIndent + display_columns(term);
  std::string result = std::string(kIndent, ' ') + (end_of_term <= columns ? term : continued(term, columns));
  if (meaning.empty()) return result + "\n";
  result += end_of_term + kIndent > column ? "\n" + std::string(column, ' ')
                                           : std::string(column - end_of_term, ' ');
  return result + wrapped(meaning, columns, column) + "\n";
}

}  // namespace musclemap::cli
