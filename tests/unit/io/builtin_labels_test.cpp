#include <string>
#include <vector>

#include "musclemap/labels.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap {
namespace {

TEST_CASE("built-in labels: the tables of MuscleMap's models", "[io]") {
  std::vector<std::string> seen;
  for (const LabelTable& table : builtin_label_tables()) {
    seen.push_back(table.region + " " + table.version + " " + std::to_string(table.labels.size()));
    for (std::size_t i = 1; i < table.labels.size(); ++i) {
      CHECK(table.labels[i - 1].value < table.labels[i].value);
    }
  }
  CHECK(seen == std::vector<std::string>{"abdomen 0.0 8", "forearm 0.0 5", "leg 0.0 14", "pelvis 0.0 13",
                                         "thigh 0.0 28", "wholebody 1.2 99", "wholebody 1.4 113"});
}

TEST_CASE("built-in labels: found by region and version", "[io]") {
  CHECK(builtin_label_table("WholeBody").version == "1.4");
  CHECK(builtin_label_table("wholebody", "Latest").version == "1.4");
  CHECK(builtin_label_table("wholebody", "1.2").version == "1.2");
  CHECK(builtin_label_table("wholebody", "v1.2.0").version == "1.2");
  CHECK(&builtin_label_table("leg", "0.0") == &builtin_label_table("LEG"));
  CHECK(test::error_of([] { builtin_label_table("foot\n"); }) ==
        "argument/invalid: no label table is built in for 'foot\\x0a'; there are abdomen, forearm, leg, "
        "pelvis, "
        "thigh, wholebody");
  CHECK(test::error_of([] { builtin_label_table("Wholebody", "1.3"); }) ==
        "argument/invalid: no label table of wholebody is built in with version '1.3'; there is 1.2, 1.4");
  CHECK(test::contains(test::error_of([] { builtin_label_table("leg", ""); }), "with version ''"));
}

}  // namespace
}  // namespace musclemap
