#include "io/files/csv_reader.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap::io {
namespace {

using Records = std::vector<std::vector<std::string>>;

Records records_of(const std::string& text) {
  CsvReader reader(text);
  CsvRecord record;
  Records records;
  while (reader.next(record)) records.push_back(record.fields);
  return records;
}

std::string refusal(const std::string& text) {
  return test::error_of([&] { records_of(text); });
}

TEST_CASE("csv: fields, quotes and every kind of line end", "[io]") {
  CHECK(records_of("").empty());
  CHECK(records_of("\n\r\n\r").empty());
  CHECK(records_of("a,b\n1,2") == Records{{"a", "b"}, {"1", "2"}});
  CHECK(records_of("\xEF\xBB\xBF"
                   "a\r\nb\rc\n") == Records{{"a"}, {"b"}, {"c"}});
  CHECK(records_of("a,,\n,\n") == Records{{"a", "", ""}, {"", ""}});
  CHECK(records_of("\"a,b\",\"say \"\"hi\"\"\"\n\"\"\n\"x\r\ny\"") ==
        Records{{"a,b", "say \"hi\""}, {""}, {"x\r\ny"}});
  CHECK(records_of("\"\"\"\"") == Records{{"\""}});
}

TEST_CASE("csv: other separators", "[io]") {
  CsvReader reader("a,b;\"c;d\"\n", ';');
  CsvRecord record;
  REQUIRE(reader.next(record));
  CHECK(record.fields == std::vector<std::string>{"a,b", "c;d"});
}

TEST_CASE("csv: a record knows its line", "[io]") {
  const std::string text = "a\n\n\"b\nc\"\r\nd";
  CsvReader reader(text);
  CsvRecord record;
  std::vector<std::size_t> lines;
  while (reader.next(record)) lines.push_back(record.line);
  CHECK(lines == std::vector<std::size_t>{1, 3, 5});
}

TEST_CASE("csv: what is not RFC 4180 is refused with its line", "[io]") {
  CHECK(refusal("a\n\"b\nc") == "format/corrupt: line 2 has a quote that is not closed");
  CHECK(refusal("a\n\"b\"c") ==
        "format/corrupt: line 2 has text behind a closing quote; a separator or the line's end is needed");
  CHECK(refusal("a \"b\"") ==
        "format/corrupt: line 1 has a quote inside a field; quotes around the field, and two for one, are "
        "needed");
  CHECK(refusal(std::string(255, ',')) == "no error");
  CHECK(refusal(std::string(10000000, ',')) == "format/corrupt: line 1 has more than 256 fields");
}

}  // namespace
}  // namespace musclemap::io
