#include "io/label_text/label_csv.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "io/files/csv_reader.hpp"
#include "io/label_text/label_rows.hpp"
#include "io/label_text/viewer_lines.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

/// Where the columns are, by the names that MuscleMap, BIDS and Slicer give them; any case.
class Heading {
 public:
  explicit Heading(const CsvRecord& record) {
    for (const std::string& field : record.fields) names_.push_back(base::ascii_lower(trimmed(field)));
    while (!names_.empty() && names_.back().empty()) names_.pop_back();
    value_ = first_of({"value", "index", "labelvalue", "label_value", "label"});
    anatomy_ = first_of({"anatomy", "name", "labelname", "label_name"});
    if (anatomy_ == kNone && value_ != first_of({"label"})) anatomy_ = first_of({"label"});
    region_ = first_of({"region"});
    side_ = first_of({"side"});
    snomed_ = first_of({"snomed"});
    kind_ = first_of({"kind"});
  }

  /// Of value and anatomy.
  int needed_columns() const { return (value_ == kNone ? 0 : 1) + (anatomy_ == kNone ? 0 : 1); }

  void check(std::size_t line) const {
    for (const std::size_t place : {value_, anatomy_, region_, side_, snomed_, kind_}) {
      if (place == kNone) continue;
      const auto last = std::find(names_.rbegin(), names_.rend(), names_[place]);
      if (&*last != &names_[place]) refuse_line(line, "two columns are named " + names_[place]);
    }
    if (needed_columns() == 2) return;
    refuse_line(line, std::string("the heading has no column ") +
                          (value_ == kNone ? "value (or index)" : "anatomy (or name)") +
                          "; value, region, anatomy, side, snomed and kind are read");
  }

  std::size_t size() const { return names_.size(); }
  std::string value(const CsvRecord& record) const { return record.fields[value_]; }
  Label label(const CsvRecord& record, char separator) const {
    const auto cell = [&](std::size_t place) {
      if (place == kNone) return std::string();
      const std::string& text = record.fields[place];
      return separator == '\t' && text == "n/a" ? std::string() : text;  // as BIDS writes an empty cell
    };
    const std::string name = cell(anatomy_);
    const bool whole = side_ == kNone && names_[anatomy_] != "anatomy";
    Label label = whole ? viewer_label(name) : Label{0, "", name, cell(side_)};
    label.region = cell(region_);
    label.snomed = cell(snomed_);
    label.kind = cell(kind_);
    return label;
  }

 private:
  std::size_t first_of(std::initializer_list<const char*> known) const {
    for (const char* name : known) {
      const auto found = std::find(names_.begin(), names_.end(), name);
      if (found != names_.end()) return static_cast<std::size_t>(found - names_.begin());
    }
    return kNone;
  }

  std::vector<std::string> names_;
  std::size_t value_, anatomy_, region_, side_, snomed_, kind_;
};

bool is_blank(const std::string& field) { return trimmed(field).empty(); }

/// Blank cells beyond the heading do not count.
void fit(CsvRecord& record, std::size_t size) {
  std::vector<std::string>& fields = record.fields;
  while (fields.size() > size && is_blank(fields.back())) fields.pop_back();
  if (fields.size() == size) return;
  refuse_line(record.line, std::to_string(fields.size()) + " fields; " + std::to_string(size) +
                               " are needed, as in the heading");
}

/// The separator that makes most of the first line; a comma where none makes anything.
char separator_of(std::string_view text) {
  char best = ',';
  int most = 0;
  for (const char separator : {',', '\t', ';'}) {
    CsvReader reader(text, separator);
    CsvRecord record;
    try {
      const int found = reader.next(record) ? Heading(record).needed_columns() : 0;
      if (found > most) best = separator;
      most = std::max(most, found);
    } catch (const Error&) {
      // Another one may fit; if not, the comma tells what is wrong.
    }
  }
  return best;
}

}  // namespace

std::vector<Label> parse_label_csv(std::string_view text) {
  const char separator = separator_of(text);
  CsvReader reader(text, separator);
  CsvRecord record;
  if (!reader.next(record)) {
    throw Error(ErrorCode::format, Reason::labels,
                "the table is empty; a heading such as value,region,anatomy,side is needed");
  }
  const Heading heading(record);
  heading.check(record.line);
  LabelRows rows;
  while (reader.next(record)) {
    if (std::all_of(record.fields.begin(), record.fields.end(), is_blank)) continue;
    fit(record, heading.size());
    rows.add(record.line, heading.value(record), heading.label(record, separator));
  }
  return rows.take();
}

}  // namespace musclemap::io
