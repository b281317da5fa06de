#include <string>

#include "io/label_text/label_rows.hpp"
#include "io/label_text/viewer_formats.hpp"

namespace musclemap::io {

std::vector<Label> parse_colour_table(const std::vector<ViewerLine>& lines) {
  LabelRows rows;
  for (const ViewerLine& line : lines) {
    const std::size_t count = line.words.size();
    if (count < 5)
      refuse_line(line.number, "is no row of a colour table; value, name, R, G, B and perhaps A are needed");
    // A name of several words has all four numbers behind it.
    const std::size_t first_colour = count == 5 ? 2 : count - 4;
    const char* const fields[] = {"R", "G", "B", "A"};
    for (std::size_t n = first_colour; n < count; ++n) check_colour(line, n, fields[n - first_colour], 255);
    rows.add(line.number, line.words.front(), viewer_label(line.from_to(1, first_colour - 1)));
  }
  return rows.take();
}

}  // namespace musclemap::io
