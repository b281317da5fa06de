#include <string>

#include "io/label_text/label_rows.hpp"
#include "io/label_text/viewer_formats.hpp"

namespace musclemap::io {
namespace {

bool is_fraction(std::string_view word) {
  return is_number(word) && (word.front() == '0' || word.front() == '1' || word.front() == '.');
}

}  // namespace

bool is_fsleyes(const ViewerLine& line) {
  return line.words.size() > 3 && is_fraction(line.words[1]) && is_fraction(line.words[2]) &&
         is_fraction(line.words[3]);
}

std::vector<Label> parse_fsleyes(const std::vector<ViewerLine>& lines) {
  LabelRows rows;
  for (const ViewerLine& line : lines) {
    if (line.words.size() < 4)
      refuse_line(line.number, "is no row of an FSLeyes lookup table; value, R, G, B and a name are needed");
    const char* const fields[] = {"R", "G", "B"};
    for (std::size_t n = 0; n < 3; ++n) check_colour(line, n + 1, fields[n], 1);
    const bool named = line.words.size() > 4;
    rows.add(line.number, line.words.front(),
             viewer_label(named ? line.from_to(4, line.words.size() - 1) : std::string_view()));
  }
  return rows.take();
}

}  // namespace musclemap::io
