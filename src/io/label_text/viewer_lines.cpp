#include "io/label_text/viewer_lines.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "io/label_text/label_rows.hpp"

namespace musclemap::io {
namespace {

constexpr std::string_view kBlanks = " \t\v\f\r";
// More words than a name of the longest size and its colours have are not kept.
constexpr std::size_t kMostWords = 600;

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  std::size_t at = 0;
  while (words.size() < kMostWords && (at = text.find_first_not_of(kBlanks, at)) != std::string_view::npos) {
    const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

bool read_number(std::string_view word, double* value) {
  const auto read = std::from_chars(word.data(), word.data() + word.size(), *value);
  return read.ec == std::errc() && read.ptr == word.data() + word.size();
}

}  // namespace

std::string_view ViewerLine::from_to(std::size_t first, std::size_t last) const {
  const char* const begin = words[first].data();
  const char* const end = words[last].data() + words[last].size();
  return {begin, static_cast<std::size_t>(end - begin)};
}

std::vector<ViewerLine> viewer_lines(std::string_view text) {
  std::vector<ViewerLine> lines;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(end);
    if (!text.empty()) text.remove_prefix(text.substr(0, 2) == "\r\n" ? 2 : 1);
    if (line.empty() || line.front() == '#') continue;
    lines.push_back({number, line, words_of(line)});
    // One more than is allowed, for the message.
    if (lines.size() > kMostNamedLabels + 1) break;
  }
  return lines;
}

bool is_number(std::string_view word) {
  double ignored = 0;
  return read_number(word, &ignored);
}

void check_colour(const ViewerLine& line, std::size_t word, const char* field, double most) {
  double value = -1;
  if (read_number(line.words[word], &value) && value >= 0 && value <= most) return;
  refuse_line(line.number, std::string(field) + " is \"" + base::printable(line.words[word], 60) +
                               "\"; a number from 0 to " + base::number_text(most) + " is needed");
}

Label viewer_label(std::string_view name) {
  for (const std::string_view tail : {", left", ", right"}) {
    if (name.size() <= tail.size() || name.substr(name.size() - tail.size()) != tail) continue;
    return {0, "", std::string(name.substr(0, name.size() - tail.size())), std::string(tail.substr(2))};
  }
  return {0, "", std::string(name), ""};
}

}  // namespace musclemap::io
