// Comma-separated values (RFC 4180), or those with another separator, from files of unknown origin.
#ifndef MUSCLEMAP_IO_FILES_CSV_READER_HPP_
#define MUSCLEMAP_IO_FILES_CSV_READER_HPP_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace musclemap::io {

struct CsvRecord {
  std::size_t line = 0;  ///< where it begins, from 1
  std::vector<std::string> fields;
};

/// Hands out record after record, so that a caller stops where it has seen enough. Lines end in LF, CRLF or
/// CR; a byte order mark and empty lines are passed over. One thread at a time.
class CsvReader {
 public:
  static constexpr std::size_t kMostFields = 256;

  /// `text` must outlive the reader.
  explicit CsvReader(std::string_view text, char separator = ',');

  /// False at the end. Error `format` with the line: a quote that is not closed, or stands inside a field
  /// without quotes, text behind a closing quote, more than 256 fields.
  bool next(CsvRecord& record);

 private:
  bool at_line_end() const;
  void pass_line_end();
  std::string quoted_field();
  std::string plain_field();
  [[noreturn]] void refuse(const std::string& problem) const;

  std::string_view rest_;
  char separator_;
  std::size_t line_ = 1;
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_CSV_READER_HPP_
