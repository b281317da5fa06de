#include "io/files/csv_reader.hpp"

#include "musclemap/error.hpp"

namespace musclemap::io {

CsvReader::CsvReader(std::string_view text, char separator) : rest_(text), separator_(separator) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (rest_.substr(0, 3) == kByteOrderMark) rest_.remove_prefix(3);
}

bool CsvReader::next(CsvRecord& record) {
  while (!rest_.empty() && at_line_end()) pass_line_end();
  record.fields.clear();
  record.line = line_;
  if (rest_.empty()) return false;
  for (bool more = true; more;) {
    if (record.fields.size() == kMostFields) refuse("has more than 256 fields");
    record.fields.push_back(!rest_.empty() && rest_.front() == '"' ? quoted_field() : plain_field());
    more = !rest_.empty() && rest_.front() == separator_;
    if (more) rest_.remove_prefix(1);
  }
  pass_line_end();
  return true;
}

bool CsvReader::at_line_end() const { return rest_.front() == '\n' || rest_.front() == '\r'; }

void CsvReader::pass_line_end() {
  if (rest_.empty()) return;
  rest_.remove_prefix(rest_.substr(0, 2) == "\r\n" ? 2 : 1);
  ++line_;
}

std::string CsvReader::quoted_field() {
  std::string field;
  const std::size_t first_line = line_;
  for (;;) {
    rest_.remove_prefix(1);
    const std::size_t quote = rest_.find('"');
    if (quote == std::string_view::npos) {
      line_ = first_line;
      refuse("has a quote that is not closed");
    }
    for (const char c : rest_.substr(0, quote)) line_ += c == '\n' ? 1 : 0;
    field += rest_.substr(0, quote);
    rest_.remove_prefix(quote + 1);
    // A doubled quote stands for one.
    if (rest_.empty() || rest_.front() != '"') break;
    field += '"';
  }
  if (!rest_.empty() && rest_.front() != separator_ && !at_line_end()) {
    refuse("has text behind a closing quote; a separator or the line's end is needed");
  }
  return field;
}

std::string CsvReader::plain_field() {
  const std::string_view field = rest_.substr(0, rest_.find_first_of(std::string("\r\n") + separator_));
  if (field.find('"') != std::string_view::npos) {
    refuse("has a quote inside a field; quotes around the field, and two for one, are needed");
  }
  rest_.remove_prefix(field.size());
  return std::string(field);
}

void CsvReader::refuse(const std::string& problem) const {
  throw Error(ErrorCode::format, "line " + std::to_string(line_) + " " + problem);
}

}  // namespace musclemap::io
