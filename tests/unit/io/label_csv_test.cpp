#include "io/label_text/label_csv.hpp"

#include <string>

#include "io/label_text/label_rows.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap::io {
namespace {

using test::contains;

std::string refusal(const std::string& text) {
  return test::error_of([&] { parse_label_csv(text); });
}

TEST_CASE("label csv: columns in any order and any case, others passed over", "[io]") {
  const auto labels = parse_label_csv(
      "Side,note,ANATOMY,value,snomed,Region,Kind\r\nleft,x,\"=a, "
      "\"\"b\"\"\n\",7,123,leg,bone\r\n,,=1+1,-3,,,\r\n");
  REQUIRE(labels.size() == 2);
  CHECK(labels[0].value == -3);
  CHECK(labels[0].anatomy == "=1+1");
  CHECK(labels[0].snomed.empty());
  CHECK(labels[1].value == 7);
  CHECK(labels[1].region == "leg");
  CHECK(labels[1].anatomy == "=a, \"b\"\n");
  CHECK(labels[1].side == "left");
  CHECK(labels[1].snomed == "123");
  CHECK(labels[0].kind.empty());
  CHECK(labels[1].kind == "bone");
  CHECK(parse_label_csv("value,anatomy\n1, lead").front().anatomy == " lead");
}

TEST_CASE("label csv: every error names line, column and what is allowed", "[io]") {
  CHECK(refusal("") ==
        "format/labels: the table is empty; a heading such as value,region,anatomy,side is needed");
  CHECK(refusal("value,region\n1,leg\n") ==
        "format/labels: line 1: the heading has no column anatomy (or name); value, region, anatomy, side, "
        "snomed and kind are read");
  CHECK(refusal("value,anatomy,VALUE\n") == "format/labels: line 1: two columns are named value");
  CHECK(refusal("value,anatomy,x,x\n1,a,,\n") == "no error");
  CHECK(refusal("value,anatomy\n") == "format/labels: the table has no labels; 1 to 65536 are needed");
  CHECK(refusal("value,anatomy\n1,a\n\n01,b\n") ==
        "format/labels: line 4: value is 1, the same as in line 2; values must be unique");
  CHECK(refusal("value,anatomy\n1,a,b\n") ==
        "format/labels: line 2: 3 fields; 2 are needed, as in the heading");
  CHECK(contains(refusal("value,anatomy\n1,\"a"), "format/corrupt: line 2"));
  CHECK(contains(refusal("value,anatomy\n1," + std::string(1025, 'a')), "line 2: anatomy is \"aaa"));
  CHECK(contains(refusal(std::string("value,anatomy\n1,a\0b", 19)), "anatomy is \"a\\x00b\"; at most 1024"));
  std::string many = "value,anatomy\n";
  for (int i = 1; i <= 65537; ++i) many += std::to_string(i) + ",\n";
  CHECK(refusal(many) == "format/labels: line 65538: the table has more than 65536 labels");
}

TEST_CASE("label csv: values are whole numbers of 32 bits other than 0", "[io]") {
  CHECK(label_value("2147483647") == 2147483647);
  CHECK(label_value("-2147483648") == -2147483647 - 1);
  for (const char* text : {"", "0", "-0", "1.5", "1e3", " 1", "1 ", "+1", "2147483648", "-2147483649", "0x1",
                           "99999999999999999999", "a"}) {
    CAPTURE(text);
    CHECK_FALSE(label_value(text).has_value());
  }
  CHECK(refusal("value,anatomy\n1.5,a\n") ==
        "format/labels: line 2: value is \"1.5\"; a whole number from -2147483648 to 2147483647 other than 0 "
        "is "
        "needed");
}

}  // namespace
}  // namespace musclemap::io
