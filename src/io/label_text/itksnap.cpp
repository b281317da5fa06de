#include <algorithm>

#include "io/label_text/label_rows.hpp"
#include "io/label_text/viewer_formats.hpp"

namespace musclemap::io {
namespace {

constexpr std::size_t kNumbers = 7;
constexpr const char* kShape = "value, R, G, B, A, VIS, MSH and a \"name\" in quotes are needed";

}  // namespace

bool is_itksnap(const ViewerLine& line) {
  return line.words.size() > kNumbers && line.words[kNumbers].front() == '"' &&
         std::all_of(line.words.begin(), line.words.begin() + kNumbers, is_number);
}

std::vector<Label> parse_itksnap(const std::vector<ViewerLine>& lines) {
  LabelRows rows;
  for (const ViewerLine& line : lines) {
    if (line.words.size() <= kNumbers || line.words[kNumbers].front() != '"') {
      refuse_line(line.number, "is no row of an ITK-SNAP label description; " + std::string(kShape));
    }
    const char* const fields[] = {"R", "G", "B"};
    for (std::size_t n = 0; n < 3; ++n) check_colour(line, n + 1, fields[n], 255);
    const char* const flags[] = {"A", "VIS", "MSH"};
    for (std::size_t n = 0; n < 3; ++n) check_colour(line, n + 4, flags[n], 1);
    const std::string_view name = line.from_to(kNumbers, line.words.size() - 1);
    if (name.size() < 2 || name.back() != '"') refuse_line(line.number, "the name has no closing quote");
    rows.add(line.number, line.words.front(), viewer_label(name.substr(1, name.size() - 2)));
  }
  return rows.take();
}

}  // namespace musclemap::io
