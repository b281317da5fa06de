#include <algorithm>
#include <cstdint>
#include <locale>
#include <set>
#include <sstream>
#include <string>
#include <vector>

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

std::string text_of(const std::vector<Label>& labels, LabelTableFormat format) {
  std::ostringstream out;
  write_label_table(labels, format, out);
  return out.str();
}

const std::vector<LabelTableFormat> kFormats = {LabelTableFormat::itksnap, LabelTableFormat::slicer,
                                                LabelTableFormat::fsleyes, LabelTableFormat::freesurfer,
                                                LabelTableFormat::bids};

TEST_CASE("label tables: a value that the viewer cannot hold is refused with the range", "[io]") {
  struct Case {
    LabelTableFormat format;
    std::string viewer;
    std::int32_t most;
  };
  constexpr std::int32_t kHighest = 2147483647;
  for (const Case& c : {Case{LabelTableFormat::itksnap, "ITK-SNAP", 65535},
                        {LabelTableFormat::slicer, "Slicer", 1000000},
                        {LabelTableFormat::fsleyes, "FSLeyes", kHighest},
                        {LabelTableFormat::freesurfer, "FreeSurfer", kHighest},
                        {LabelTableFormat::bids, "BIDS", kHighest}}) {
    CAPTURE(c.viewer);
    const std::string range = c.viewer + ", 1 to " + std::to_string(c.most) + ";";
    CHECK(contains(text_of({{1, "", "psoas", ""}, {c.most, "", "cell", ""}}, c.format),
                   std::to_string(c.most)));
    std::vector<std::int32_t> refused = {0, -1, -3, -70000, -kHighest - 1};
    if (c.most < kHighest) refused.insert(refused.end(), {c.most + 1, 2 * c.most + 2, kHighest});
    for (const std::int32_t value : refused) {
      CAPTURE(value);
      std::ostringstream out;
      const std::string error = test::error_of([&] {
        write_label_table({{1, "", "psoas", ""}, {value, "", "cell\n", ""}}, c.format, out);
      });
      CHECK(contains(error, "argument/labels: label " + std::to_string(value) + " (cell"));
      CHECK(contains(error, range));
      CHECK_FALSE(contains(error, "\n"));
      CHECK(out.str().empty());
    }
  }
}

TEST_CASE("label tables: a value that two labels have is refused", "[io]") {
  for (const LabelTableFormat format : kFormats) {
    CHECK(test::error_of([&] {
            text_of({{4, "", "psoas", ""}, {4, "", "soleus", ""}}, format);
          }) == "argument/labels: two labels have the value 4");
  }
}

// The name of each label's row, by the format's own rules.
std::vector<std::string> names_in(const std::string& text, LabelTableFormat format) {
  std::vector<std::string> names;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#' || line.compare(0, 6, "index\t") == 0) continue;
    std::istringstream words(line);
    std::string word;
    if (format == LabelTableFormat::itksnap) {
      names.push_back(line.substr(line.find('"')));
    } else if (format == LabelTableFormat::bids) {
      std::getline(words, word, '\t');
      std::getline(words, word, '\t');
      names.push_back(word);
    } else if (format == LabelTableFormat::fsleyes) {
      for (int n = 0; n < 4; ++n) words >> word;
      std::string name;
      while (words >> word) name += " " + word;
      names.push_back(name);
    } else {
      words >> word >> word;
      names.push_back(word);
    }
  }
  return names;
}

TEST_CASE("label tables: no two rows of a table have one name", "[io]") {
  const std::vector<std::vector<Label>> situations = {
      {{1, "", "soleus", ""}, {2, "", "soleus", ""}, {3, "", "soleus", ""}},
      {{5, "", "soleus", ""}, {6, "", "soleus", ""}, {7, "", "soleus 6", ""}},
      {{5, "", "soleus 6", ""},
       {6, "", "soleus", ""},
       {7, "", "soleus", ""},
       {8, "", "soleus 7", ""},
       {9, "", "soleus 7 7", ""}},
      {{2, "", "", ""}, {3, "", "label 2", ""}, {4, "", "label_2", ""}},
      {{2, "", "rectus  femoris", ""}, {3, "", "rectus femoris", ""}, {4, "", " rectus femoris ", ""}},
      {{2, "", "tibia", "left"}, {3, "", "tibia, left", ""}, {4, "", "tibia_left", ""}},
      {{2, "", "n/a", ""}, {3, "", "Background", ""}, {4, "", "Unknown", ""}, {5, "", "Clear Label", ""}},
      {{2, "", "\"", ""}, {3, "", "'", ""}, {4, "", "\n", ""}, {5, "", "label", ""}},
      {{2, "", "μυς", ""}, {3, "", "μυς", ""}, {4, "", "μυς 3", ""}},
  };
  for (const std::vector<Label>& labels : situations) {
    for (const LabelTableFormat format : kFormats) {
      const std::string text = text_of(labels, format);
      INFO(text);
      const std::vector<std::string> names = names_in(text, format);
      CHECK(names.size() >= labels.size());
      CHECK(std::set<std::string>(names.begin(), names.end()).size() == names.size());
      // What stands for a missing cell there.
      if (format == LabelTableFormat::bids) CHECK(std::count(names.begin(), names.end(), "n/a") == 0);
    }
  }
}

TEST_CASE("label tables: the first label of a name keeps it", "[io]") {
  const std::vector<std::string> names = names_in(
      text_of({{1, "", "psoas", ""}, {3, "", "psoas", ""}, {4, "", "psoas 3", ""}}, LabelTableFormat::bids),
      LabelTableFormat::bids);
  CHECK(names == std::vector<std::string>{"psoas", "psoas 3 3", "psoas 3"});
}

TEST_CASE("label tables: an unknown format and a broken stream are errors", "[io]") {
  std::ostringstream out;
  CHECK_THROWS_AS(write_label_table({}, static_cast<LabelTableFormat>(99), out), Error);
  out.setstate(std::ios::badbit);
  CHECK_THROWS_AS(write_label_table({}, LabelTableFormat::bids, out), Error);
}

}  // namespace
}  // namespace musclemap
