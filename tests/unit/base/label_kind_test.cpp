#include <string>
#include <vector>

#include "base/label_list.hpp"
#include "base/whole_bones.hpp"
#include "musclemap/labels.hpp"
#include "support/catch.hpp"

namespace musclemap {

TEST_CASE("what a label is: its own kind, or that of a bone's name", "[base]") {
  struct Row {
    std::string anatomy;
    std::string kind;
    std::string expected;
  };
  const std::vector<Row> rows{
      {"femur", "", "bone"},
      {"Femur left", "", "bone"},
      {"left_humerus", "", "bone"},
      {"vertebrae_L4", "", "bone"},
      {"L4", "", "bone"},
      {"T12", "", "bone"},
      {"sacrum", "", "bone"},
      {"rib 7", "", "bone"},
      {"femur", "muscle", "muscle"},
      {"unknown thing", "Bone", "bone"},
      {"liver", "organ", "organ"},
      // Muscles that are named after bones, and muscles at the height of a vertebra.
      {"rectus femoris", "", ""},
      {"tibialis anterior", "", ""},
      {"subscapularis", "", ""},
      {"levator scapulae", "", ""},
      {"multifidus L4", "", ""},
      {"muscles of the femur", "", ""},
      {"femur marrow", "", ""},
      {"l", "", ""},
      {"", "", ""},
  };
  for (const Row& row : rows) {
    INFO(row.anatomy);
    Label label{1, "", row.anatomy, ""};
    label.kind = row.kind;
    CHECK(label_kind(label) == row.expected);
  }
}

TEST_CASE("the built-in tables know their bones", "[io]") {
  for (const LabelTable& table : builtin_label_tables()) {
    for (const Label& label : table.labels) {
      INFO(label.anatomy);
      Label unknown = label;
      unknown.kind.clear();
      // Only the girdle's name says too little.
      const bool named = label_kind(unknown) == "bone" || label.anatomy == "pelvic girdle";
      CHECK(label.kind == (named ? "bone" : "muscle"));
    }
  }
}

TEST_CASE("a bone's fit is undone unless bones are divided", "[base]") {
  TissueFit fit;
  fit.label = 7;
  fit.voxels = 12;
  fit.muscle_max = 3;
  fit.components.resize(2);
  const std::vector<Label> names{{7, "", "tibia", "left"}};
  const TissueFit whole = base::whole_bones({fit}, names, false)[0];
  CHECK(whole.status == LabelStatus::bone);
  CHECK_FALSE(whole.divided());
  CHECK(whole.voxels == 12);
  CHECK(whole.components.empty());
  CHECK(base::whole_bones({fit}, names, true)[0].muscle_max == 3);
  CHECK(base::whole_bones({fit}, {}, false)[0].muscle_max == 3);
}

TEST_CASE("labels in a sentence: ten at most", "[base]") {
  CHECK(base::label_list({3}) == "label 3");
  CHECK(base::label_list({3, -4}) == "labels 3, -4");
  CHECK(base::label_list({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}) ==
        "labels 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more");
}

}  // namespace musclemap
