#include "io/weights/nnunet/dataset.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap::io {
namespace {

using test::contains;
using test::error_of;

NnunetDataset labelled(const std::string& labels, const std::string& more = "") {
  return parse_nnunet_dataset(R"({"channel_names": {"0": "CT"}, "labels": )" + labels + more + "}");
}

std::string refusal(const std::string& labels, const std::string& more = "") {
  return error_of([&] { labelled(labels, more); });
}

TEST_CASE("nnunet dataset: channels and labels", "[io]") {
  const NnunetDataset two = parse_nnunet_dataset(
      R"({"channel_names": {"1": "fat", "0": "water"}, "file_ending": ".nii.gz",
          "labels": {"background": 0, "muscle": "2", "bone": [1], "ignore": 3}})");
  CHECK(two.channels == std::vector<std::string>{"water", "fat"});
  REQUIRE(two.labels.size() == 3);
  CHECK(two.labels[1].name == "muscle");
  CHECK(two.labels[1].values == std::vector<int>{2});
  CHECK(two.labels[2].values == std::vector<int>{1});
  CHECK(two.ignore_label == 3);
  CHECK_FALSE(two.regions);
  CHECK(two.scores() == 3);
  CHECK(two.foreground_values() == 2);
  CHECK(two.file_ending == ".nii.gz");
  // As nnU-Net v1 calls it.
  const auto older =
      parse_nnunet_dataset(R"({"modality": {"0": "MRI"}, "labels": {"background": 0, "a": 1}})");
  CHECK(older.channels == std::vector<std::string>{"MRI"});
}

TEST_CASE("nnunet dataset: regions keep the order of the file and give no score for background", "[io]") {
  const NnunetDataset tumour =
      labelled(R"({"background": 0, "whole": [1, 2, 3], "core": [2, 3], "active": 3})",
               R"(, "regions_class_order": [1, 2, 3])");
  CHECK(tumour.regions);
  REQUIRE(tumour.labels.size() == 4);
  CHECK(tumour.labels[1].name == "whole");
  CHECK(tumour.labels[2].name == "core");
  CHECK(tumour.labels[3].name == "active");
  CHECK(tumour.scores() == 3);
  CHECK(tumour.foreground_values() == 3);
  CHECK(tumour.regions_class_order == std::vector<int>{1, 2, 3});
}

TEST_CASE("nnunet dataset: fields of another type or range are refused by name", "[io]") {
  CHECK(refusal(R"({"background": 0, "a": 1})") == "no error");
  CHECK(contains(refusal(R"({"a": 1})"), "labels.background is missing"));
  CHECK(contains(refusal(R"({"background": 1, "a": 0})"), "labels.background is 1; 0 is needed"));
  CHECK(contains(refusal(R"({"background": 0})"), "background and at least one label"));
  CHECK(contains(refusal(R"({"background": 0, "a": 2})"), "values 0 to 1 are needed, and 2 is the greatest"));
  CHECK(contains(refusal(R"({"background": 0, "a": -1})"), "labels.a is -1; a whole number from 0 to 32767"));
  CHECK(contains(refusal(R"({"background": 0, "a": 1.5})"), "labels.a is 1.5; a whole number"));
  CHECK(contains(refusal(R"({"background": 0, "a": "x"})"), "labels.a is \"x\"; a whole number"));
  CHECK(contains(refusal(R"({"background": 0, "a": []})"), "labels.a is an array of 0; an array of 1 to"));
  CHECK(contains(refusal(R"({"background": 0, "a": 1, "ignore": 5})"),
                 "labels.ignore is 5; 2, the value after"));
  CHECK(contains(refusal(R"({"background": 0, "a\n": 1})"), "a text without control characters"));
  CHECK(contains(refusal(R"([1])"), "labels is an array of 1; an object of names"));
  CHECK(contains(refusal(R"({"background": 0, "a": [1, 2]})"), "regions_class_order is missing"));
  CHECK(contains(refusal(R"({"background": 0, "a": [1, 2]})", R"(, "regions_class_order": [1, 2])"),
                 "regions_class_order is an array of 2; an array of 1 is needed"));
  const auto whole = [](const std::string& json) { return error_of([&] { parse_nnunet_dataset(json); }); };
  CHECK(contains(whole(R"({"labels": {}})"), "channel_names is missing"));
  CHECK(contains(whole(R"({"channel_names": {"1": "CT"}, "labels": {}})"), "channel_names.0 is missing"));
  CHECK(contains(whole(R"({"channel_names": {}, "labels": {}})"),
                 "channel_names is an object; an object of 1"));
  CHECK(contains(whole("[]"), "is an array of 0; an object is needed"));
  CHECK(contains(whole(R"({"labels": )"), "format/bad_json"));
}

}  // namespace
}  // namespace musclemap::io
