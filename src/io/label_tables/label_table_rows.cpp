#include "io/label_tables/label_table_rows.hpp"

#include <cstddef>
#include <set>

#include "base/text.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

void check_values(const std::vector<Label>& labels, const Viewer& viewer) {
  std::set<std::int32_t> values;
  for (const Label& label : labels) {
    const std::string value = std::to_string(label.value);
    if (label.value < 1 || label.value > viewer.most) {
      throw Error(
          ErrorCode::argument, Reason::labels,
          "label " + value + " (" + base::printable(display_name(label)) + ") is out of the range of " +
              viewer.name + ", 1 to " + std::to_string(viewer.most) +
              "; give it a value of that range in the label map and its names, or choose another viewer");
    }
    if (!values.insert(label.value).second) {
      throw Error(ErrorCode::argument, Reason::labels, "two labels have the value " + value);
    }
  }
}

// What is appended differs from every name that any label has or keeps.
std::vector<std::string> unique_names(const std::vector<Label>& labels, const Viewer& viewer) {
  std::vector<std::string> names;
  names.reserve(labels.size());
  for (const Label& label : labels) names.push_back(sanitised(display_name(label), viewer.reads_blanks));
  const std::set<std::string> wanted(names.begin(), names.end());
  std::set<std::string> given = {viewer.reserved};
  for (std::size_t n = 0; n < names.size(); ++n) {
    if (given.insert(names[n]).second) continue;
    do {
      names[n] += (viewer.reads_blanks ? " " : "_") + std::to_string(labels[n].value);
    } while (wanted.count(names[n]) != 0 || !given.insert(names[n]).second);
  }
  return names;
}

}  // namespace

std::string sanitised(const std::string& name, bool keep_blanks) {
  const char blank = keep_blanks ? ' ' : '_';
  std::string result;
  for (const char c : name) {
    if (c == '"' || c == '\'' || c == '\\') continue;
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    // A comma next to its blank would become two underscores.
    if (c == ' ' || control || (!keep_blanks && (c == ',' || c == '#'))) {
      if (!result.empty() && result.back() != blank) result += blank;
    } else {
      result += c;
    }
  }
  while (keep_blanks && !result.empty() && result.back() == ' ') result.pop_back();
  return result.empty() ? "label" : result;
}

std::vector<Row> rows_of(const std::vector<Label>& labels, const Viewer& viewer) {
  check_values(labels, viewer);
  const std::vector<std::string> names = unique_names(labels, viewer);
  std::vector<Row> rows;
  rows.reserve(labels.size());
  for (std::size_t n = 0; n < labels.size(); ++n) {
    rows.push_back({std::to_string(labels[n].value), names[n], label_colour(labels[n].value)});
  }
  return rows;
}

}  // namespace musclemap::io
