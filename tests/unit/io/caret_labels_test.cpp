#include "io/label_text/caret_labels.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::io {
namespace {

std::string table(const std::string& labels) {
  return "<?xml version=\"1.0\"?>\n<CaretExtension><VolumeInformation Index=\"0\"><LabelTable>" + labels +
         "</LabelTable></VolumeInformation></CaretExtension>\n    ";
}

std::string said(const std::vector<Label>& labels) {
  std::string text;
  for (const Label& label : labels) text += std::to_string(label.value) + "=" + label.anatomy + ";";
  return text;
}

TEST_CASE("caret labels: names stand as CDATA or as text", "[io]") {
  CHECK(said(parse_caret_labels(
            table("<Label Key=\"7\" Red=\"1.0\" Alpha=\"1\"><![CDATA[liver & <co>]]></Label>\n"
                  "<Label Red='0' Key='2'> a &amp; b &lt;c&gt; </Label>"))) == "2=a & b <c>;7=liver & <co>;");
}

TEST_CASE("caret labels: the background is passed over", "[io]") {
  CHECK(said(parse_caret_labels(table("<Label Key=\"0\">none</Label><Label Key=\"1\">x</Label>"))) == "1=x;");
}

TEST_CASE("caret labels: a table that cannot be read has no labels", "[io]") {
  CHECK(parse_caret_labels("").empty());
  CHECK(parse_caret_labels(table("")).empty());
  CHECK(parse_caret_labels(table("<Label Key=\"x\">a</Label>")).empty());
  CHECK(parse_caret_labels(table("<Label Kay=\"1\">a</Label>")).empty());
  CHECK(parse_caret_labels(table("<Label Key=\"1\">a</Label><Label Key=\"1\">b</Label>")).empty());
  CHECK(parse_caret_labels(table("<Label Key=\"99999999999\">a</Label>")).empty());
  CHECK(parse_caret_labels("<Label Key=\"1\">a").empty());
  CHECK(parse_caret_labels("<Label Key=\"1>a</Label>").empty());
  CHECK(parse_caret_labels(table("<Label Key=\"1\">" + std::string(2000, 'a') + "</Label>")).empty());
}

TEST_CASE("caret labels: every prefix of a table is read without harm", "[io]") {
  const std::string text =
      table("<Label Key=\"1\" Red=\"1\"><![CDATA[a]]></Label><Label Key=\"2\">b</Label>");
  for (std::size_t length = 0; length <= text.size(); ++length) {
    CHECK(parse_caret_labels(std::string_view(text).substr(0, length)).size() <= 2);
  }
}

}  // namespace
}  // namespace musclemap::io
