// The rows of a viewer's table of colours and names: words between blanks, a label a line.
#ifndef MUSCLEMAP_IO_LABEL_TEXT_VIEWER_LINES_HPP_
#define MUSCLEMAP_IO_LABEL_TEXT_VIEWER_LINES_HPP_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "musclemap/labels.hpp"

namespace musclemap::io {

struct ViewerLine {
  std::size_t number = 0;  ///< from 1
  std::string_view text;   ///< without blanks at both ends
  std::vector<std::string_view> words;

  /// From the beginning of word `first` to the end of word `last`.
  std::string_view from_to(std::size_t first, std::size_t last) const;
};

/// Every line but blank ones and those that begin with #. They point into `text`.
std::vector<ViewerLine> viewer_lines(std::string_view text);

bool is_number(std::string_view word);

/// Error `format`, reason `labels`, that names line, field and word, unless the word is a number from 0 to
/// `most`.
void check_colour(const ViewerLine& line, std::size_t word, const char* field, double most);

/// "psoas, left" as this library writes it is psoas with its side; anything else is the anatomy.
Label viewer_label(std::string_view name);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_LABEL_TEXT_VIEWER_LINES_HPP_
