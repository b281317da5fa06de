#include "io/label_text/label_text.hpp"

#include "io/label_text/label_csv.hpp"
#include "io/label_text/viewer_formats.hpp"

namespace musclemap::io {
namespace {

bool is_integer(std::string_view word) {
  const std::string_view digits = word.front() == '-' ? word.substr(1) : word;
  return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::vector<Label> parse_label_text(std::string_view text) {
  const std::vector<ViewerLine> lines = viewer_lines(text);
  if (lines.empty() || lines.front().words.size() < 4 || !is_integer(lines.front().words.front()))
    return parse_label_csv(text);
  if (is_itksnap(lines.front())) return parse_itksnap(lines);
  if (is_fsleyes(lines.front())) return parse_fsleyes(lines);
  return parse_colour_table(lines);
}

}  // namespace musclemap::io
