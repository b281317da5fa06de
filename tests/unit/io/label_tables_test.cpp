#include <locale>
#include <sstream>
#include <string>

#include "musclemap/error.hpp"
#include "musclemap/labels.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap {
namespace {

using test::contains;

std::string table(LabelTableFormat format) {
  const std::vector<Label> labels = {{11, "leg", "tibia", "left"},
                                     {1200, "leg", "say \"hi\"\n# x", ""},
                                     {1201, "", "", ""},
                                     {1202, "arm", "tibia", "left"}};
  struct Grouping : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
  std::ostringstream out;
  out.imbue(std::locale(std::locale::classic(), new Grouping));
  write_label_table(labels, format, out);
  return out.str();
}

TEST_CASE("label tables: each viewer gets its own format, whatever the locale", "[io]") {
  CHECK(contains(table(LabelTableFormat::itksnap), "\n   11   "));
  CHECK(contains(table(LabelTableFormat::itksnap), "\"Clear Label\""));
  CHECK(contains(table(LabelTableFormat::itksnap), "        1  1  1    \"tibia, left\"\n"));
  CHECK(contains(table(LabelTableFormat::itksnap), "\n 1200   "));
  CHECK(contains(table(LabelTableFormat::itksnap), "\"say hi # x\"\n"));
  CHECK(contains(table(LabelTableFormat::slicer), "\n1201 label_1201 "));
  CHECK(contains(table(LabelTableFormat::slicer), "\n11 tibia_left "));
  CHECK(contains(table(LabelTableFormat::slicer), " 255\n"));
  CHECK(contains(table(LabelTableFormat::freesurfer), "\n1200 say_hi_x "));
  CHECK(contains(table(LabelTableFormat::freesurfer), "\n1202 tibia_left_1202 "));
  CHECK(contains(table(LabelTableFormat::bids), "index\tname\tcolor\n11\ttibia, left\t#"));
  const std::string fsleyes = table(LabelTableFormat::fsleyes);
  CHECK(fsleyes.substr(0, 10) == "11 1.0000 ");
  CHECK(contains(fsleyes, " tibia, left\n"));
  CHECK_FALSE(contains(fsleyes, "0,"));
}

TEST_CASE("label tables: BIDS gets SNOMED CT codes where there are some", "[io]") {
  std::ostringstream out;
  write_label_table({{1, "", "tibia", "", "12611008"}, {2, "", "fibula", ""}}, LabelTableFormat::bids, out);
  const std::string text = out.str();
  CHECK(contains(text, "index\tname\tcolor\tsnomed\n1\ttibia\t#"));
  CHECK(contains(text, "\t12611008\n"));
  CHECK(contains(text, "\tn/a\n"));
}

TEST_CASE("label tables: an unknown format and a broken stream are errors", "[io]") {
  std::ostringstream out;
  CHECK_THROWS_AS(write_label_table({}, static_cast<LabelTableFormat>(99), out), Error);
  out.setstate(std::ios::badbit);
  CHECK_THROWS_AS(write_label_table({}, LabelTableFormat::bids, out), Error);
}

}  // namespace
}  // namespace musclemap
