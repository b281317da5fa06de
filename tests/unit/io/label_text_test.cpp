#include "io/label_text/label_text.hpp"

#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap::io {
namespace {

using test::contains;
using Names = std::map<std::int32_t, std::string>;

Names names_of(const std::vector<Label>& labels) {
  Names names;
  for (const Label& label : labels)
    names[label.value] = label.side.empty() ? label.anatomy : label.anatomy + "|" + label.side;
  return names;
}

Names read(const std::string& text) { return names_of(parse_label_text(text)); }

std::string refusal(const std::string& text) {
  return test::error_of([&] { parse_label_text(text); });
}

TEST_CASE("label text: tables with a heading, however separated", "[io]") {
  const Names psoas{{7, "psoas|left"}, {9, "soleus|right"}};
  for (const char* text : {
           "value,anatomy,side\n7,psoas,left\n9,soleus,right\n",
           "anatomy;side;value\npsoas;left;7\nsoleus;right;9",
           "index\tname\tside\r\n7\tpsoas\tleft\r\n9\tsoleus\tright\r\n",
           "\n value , anatomy , side ,,\n\n7 ,psoas,left,,\n,,,,\n 9,soleus,right,, \n   \n",
           "LabelValue,Name,Color_R,Color_G,Color_B,Color_A\n0,Background,0,0,0,0\n7,\"psoas, "
           "left\",1,2,3,255\n"
           "9,\"soleus, right\",1,2,3,255\n",
           "Label,Anatomy,side,Volume (ml)\n7.0,psoas,left,1.5\n9.00,soleus,right,2.5\n",
           "value,label,side\n0,background,\n00,void,\n7,psoas,left\n9,soleus,right\n",
       }) {
    CAPTURE(text);
    CHECK(read(text) == psoas);
  }
  CHECK(read("index\tname\tsnomed\n4\tn/a\tn/a\n") == Names{{4, ""}});
  CHECK(read("value,anatomy\n4,n/a\n") == Names{{4, "n/a"}});
  // Where a side has a column of its own, names are left alone.
  CHECK(read("value,anatomy\n4,\"psoas, left\"\n") == Names{{4, "psoas, left"}});
}

TEST_CASE("label text: colour tables of viewers", "[io]") {
  const Names psoas{{7, "psoas major"}, {9, "soleus|right"}};
  CHECK(read("# ITK-SNAP\n  0 0 0 0 0 0 0 \"Clear Label\"\n 7 255 0 9 1 1 1 \"psoas major\"\n"
             " 9 1 2 3 0.5 0 1 \"soleus, right\"\n") == psoas);
  CHECK(read("7 0.5 1 0 psoas major\n9 .25 1.0 0 soleus, right") == psoas);
  CHECK(read("# Color table file x.ctbl\n# 3 values\n0 Background 0 0 0 0\n7 psoas major 1 2 3 255\n\n"
             "9 soleus, right 255 2 3 0\n") == psoas);
  CHECK(read("#No. Label Name:  R G B A\n\n0\tUnknown\t0\t0\t0\t0\n7\tLeft-Psoas\t1\t2\t3\t0\n") ==
        Names{{7, "Left-Psoas"}});
  CHECK(read("7 psoas_left 1 2 3\n") == Names{{7, "psoas_left"}});
}

TEST_CASE("label text: what labels export writes is read back", "[io]") {
  const std::vector<Label> labels{{1, "", "vastus lateralis", "left", "123"},
                                  {2, "", "vastus lateralis", "right", ""},
                                  {30, "", "sacrum", "no side", ""},
                                  {31000, "", "5th lumbar", "", ""},
                                  {7, "", "M\xC3\xBCller", "", ""}};
  for (const LabelTableFormat format :
       {LabelTableFormat::itksnap, LabelTableFormat::slicer, LabelTableFormat::fsleyes,
        LabelTableFormat::freesurfer, LabelTableFormat::bids}) {
    std::ostringstream first;
    write_label_table(labels, format, first);
    const std::vector<Label> again = parse_label_text(first.str());
    CAPTURE(first.str());
    const bool blanks = format != LabelTableFormat::slicer && format != LabelTableFormat::freesurfer;
    CHECK(names_of(again) == (blanks ? Names{{1, "vastus lateralis|left"},
                                             {2, "vastus lateralis|right"},
                                             {30, "sacrum"},
                                             {31000, "5th lumbar"},
                                             {7, "M\xC3\xBCller"}}
                                     : Names{{1, "vastus_lateralis_left"},
                                             {2, "vastus_lateralis_right"},
                                             {30, "sacrum"},
                                             {31000, "5th_lumbar"},
                                             {7, "M\xC3\xBCller"}}));
    if (format == LabelTableFormat::bids) CHECK(again.front().snomed == "123");
  }
}

TEST_CASE("label text: errors name the line and the field", "[io]") {
  CHECK(contains(refusal("7 1 2 3 1 1 1 \"a\n"), "format/labels: line 1: the name has no closing quote"));
  CHECK(contains(refusal("7 1 2 3 1 1 1 \"a\"\n\n8 1 2 300 1 1 1 \"b\"\n"),
                 "line 3: B is \"300\"; a number from 0 to 255 is needed"));
  CHECK(contains(refusal("7 1 2 3 1 1 1 \"a\"\n8 1 2\n"),
                 "line 2: is no row of an ITK-SNAP label description"));
  CHECK(contains(refusal("7 0.5 0.5 0.5 a\n8 0.5 x 0.5 b\n"), "line 2: G is \"x\"; a number from 0 to 1"));
  CHECK(contains(refusal("7 a 1 2 3\n8 b 1 2\n"), "line 2: is no row of a colour table"));
  CHECK(contains(refusal("7 a 1 2 3\n7 b 1 2 3\n"), "line 2: value is 7, the same as in line 1"));
  CHECK(contains(refusal("7 a 1 2 3\n8.5 b 1 2 3\n"), "line 2: value is \"8.5\""));
  CHECK(contains(refusal("7 a 1 2 3\n99999999999 b 1 2 3\n"), "line 2: value is \"99999999999\""));
  CHECK(contains(refusal("7,psoas\n"), "line 1: the heading has no column value (or index)"));
  CHECK(contains(refusal("index;colour\n7;red\n"), "has no column anatomy (or name)"));
  CHECK(contains(refusal("index,name,NAME\n"), "two columns are named name"));
  CHECK(contains(refusal("value,anatomy\n,psoas\n"), "line 2: value is \"\""));
  CHECK(contains(refusal("0 a 1 2 3\n"), "the table has no labels"));
  CHECK(contains(refusal("7 " + std::string(1025, 'a') + " 1 2 3\n"), "line 1: anatomy is"));
  std::string many;
  for (int value = 1; value <= 65537; ++value) many += std::to_string(value) + " a 1 2 3\n";
  CHECK(contains(refusal(many), "line 65537: the table has more than 65536 labels"));
}

TEST_CASE("label text: mangled tables give labels or an Error", "[io]") {
  const std::string tables[] = {"value,anatomy,side,,\n7,\"psoas\",left,,\n,,,,\n9,soleus,right,,\n",
                                "index\tname\n0\tn/a\n7\tpsoas\n",
                                "# c\n0 0 0 0 0 0 0 \"Clear\"\n7 1 2 3 1 1 1 \"a b\"\n",
                                "7 psoas major 1 2 3 255\n", "7 0.5 1 0 psoas\n"};
  const std::string bytes = std::string("\0\xFF\xC3\"\t,; \n\r#-.09aeE", 19);
  std::uint32_t state = 1;
  const auto random = [&](std::size_t below) {
    state = state * 1664525U + 1013904223U;
    return static_cast<std::size_t>(state >> 8) % below;
  };
  for (int round = 0; round < 20000; ++round) {
    std::string text = tables[random(5)];
    for (std::size_t n = random(4) + 1; n > 0; --n) text[random(text.size())] = bytes[random(bytes.size())];
    if (random(4) == 0) text.resize(random(text.size()));
    CHECK_NOTHROW(refusal(text));
  }
}

}  // namespace
}  // namespace musclemap::io
