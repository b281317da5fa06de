#include "quant/organs/organ_statistics.hpp"

#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "image/volume_reader.hpp"
#include "musclemap/nifti.hpp"
#include "support/catch.hpp"
#include "support/original_vectors.hpp"
#include "support/volumes.hpp"

namespace musclemap::quant {
namespace {

using Json = nlohmann::ordered_json;

Json read(const std::filesystem::path& file) {
  std::ifstream in(file);
  return Json::parse(in);
}

std::vector<OrganClass> classes_of_total(const std::filesystem::path& folder) {
  std::vector<OrganClass> classes;
  const Json tasks = read(folder / "tasks.json").at("tasks");
  for (const auto& [value, name] : tasks.at(0).at("classes").items())
    classes.push_back({std::stoi(value), name.get<std::string>()});
  return classes;
}

std::string text_of(const Volume& image, const Volume& labels, const std::vector<OrganClass>& classes,
                    const OrganStatisticsOptions& options, const RunControl& control = {}) {
  image::VolumeReader values(image);
  image::VolumeReader map(labels);
  const Spacing spacing = labels.geometry().spacing();
  std::array<float, 3> zooms{};
  std::copy(spacing.begin(), spacing.end(), zooms.begin());
  return organ_statistics_json(organ_statistics(values, map, zooms, classes, options, control),
                               options.extra);
}

TEST_CASE("organ statistics: the file that TotalSegmentator ships, byte by byte", "[quant]") {
  if (test::shared_data().empty()) return;
  const std::filesystem::path folder = test::shared_data() / "totalsegmentator";
  const Volume image = read_nifti(folder / "example_ct_sm.nii.gz");
  const Volume labels = read_nifti(folder / "example_seg_fast.nii.gz");
  std::ifstream in(folder / "example_seg_fast_statistics.json");
  const std::string expected{std::istreambuf_iterator<char>(in), {}};
  OrganStatisticsOptions options;
  options.border_classes = true;
  CHECK(text_of(image, labels, classes_of_total(folder), options) == expected);
  RunControl control;
  control.threads = 1;
  control.memory_budget = 1 << 20;
  CHECK(text_of(image, labels, classes_of_total(folder), options, control) == expected);
}

TEST_CASE("organ statistics: a file that the program wrote for an image of its own grid", "[quant]") {
  if (test::shared_data().empty()) return;
  const std::filesystem::path folder = test::shared_data() / "totalsegmentator";
  const Volume image = read_nifti(folder / "program/inputs/ct_las.nii.gz");
  const Volume labels = read_nifti(folder / "program/expected/fastest.nii.gz");
  std::ifstream in(folder / "program/expected/fastest.statistics.json");
  const std::string expected{std::istreambuf_iterator<char>(in), {}};
  OrganStatisticsOptions options;
  options.border_classes = true;
  CHECK(text_of(image, labels, classes_of_total(folder), options) == expected);
}

TEST_CASE("organ statistics: TotalSegmentator's vectors in five modes", "[quant]") {
  const auto vectors = test::original_vectors("statistics_example_ct_sm_with_example_seg_fast");
  if (!vectors) return;
  const std::filesystem::path folder = test::shared_data() / "totalsegmentator";
  const Volume image = read_nifti(folder / "example_ct_sm.nii.gz");
  const Volume labels = read_nifti(folder / "example_seg_fast.nii.gz");
  const std::vector<OrganClass> classes = classes_of_total(folder);
  const std::map<std::string, OrganStatisticsOptions> modes{
      {"mean_border_included", {true, false, false, false}},
      {"mean_border_excluded", {false, false, false, false}},
      {"median_border_included", {true, true, false, false}},
      {"mean_normalised", {true, false, true, false}},
      {"extra", {true, false, false, true}}};
  for (const auto& [mode, options] : modes) {
    const Json found = Json::parse(text_of(image, labels, classes, options));
    for (const auto& [name, expected] : vectors->at(mode).items()) {
      INFO(mode << " " << name);
      CHECK(nlohmann::json(found.at(name)) == expected);
    }
  }
}

TEST_CASE("organ statistics: three voxels from either end of every axis are the border", "[quant]") {
  const Geometry geometry = test::grid({9, 9, 9}, {2, 1, 1});
  const std::vector<double> image(729, 7);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    for (std::int64_t place = 0; place < 9; ++place) {
      Index3 at{4, 4, 4};
      at[axis] = place;
      std::vector<std::uint8_t> labels(729);
      labels[test::place({9, 9, 9}, at)] = 1;
      const std::string text =
          text_of(test::volume_of(geometry, image), test::volume_of(geometry, labels), {{1, "a"}}, {});
      const bool inside = place >= 3 && place < 6;
      CHECK(Json::parse(text).at("a").at("volume") == (inside ? 2.0 : 0.0));
    }
  }
}

TEST_CASE("organ statistics: numbers as Python prints them, empty classes, an image of one value",
          "[quant]") {
  const Volume labels = test::line_of<std::uint8_t>({1, 1, 2, 0});
  OrganStatisticsOptions options;
  options.border_classes = options.extra = true;
  CHECK(text_of(test::line_of<double>({-1.9, 2, 32768.5, 0}), labels, {{1, "a"}, {3, "\u00e4"}}, options) ==
        R"({
    "a": {
        "volume": 2000.0,
        "intensity": 0.5,
        "n_voxels": 2,
        "intensity_std": 1.5,
        "intensity_min": -1.0,
        "intensity_max": 2.0,
        "centroid_vox": [
            0.5,
            0.0,
            0.0
        ],
        "bbox_vox": [
            [
                0,
                1
            ],
            [
                0,
                0
            ],
            [
                0,
                0
            ]
        ]
    },
    "\u00e4": {
        "volume": 0.0,
        "intensity": 0.0,
        "n_voxels": 0,
        "intensity_std": 0.0,
        "intensity_min": 0.0,
        "intensity_max": 0.0,
        "centroid_vox": null,
        "bbox_vox": null
    }
})");
  options.extra = false;
  CHECK(text_of(test::line_of<double>({-1.9, 2, 32768.5, 0}), labels, {{2, "b"}}, options) ==
        "{\n    \"b\": {\n        \"volume\": 1000.0,\n        \"intensity\": -32768.0\n    }\n}");
  options.normalised = true;
  CHECK(text_of(test::line_of<double>({5, 5, 5, 5}), labels, {{2, "b"}}, options) ==
        "{\n    \"b\": {\n        \"volume\": 1000.0,\n        \"intensity\": NaN\n    }\n}");
  // The range 60000 does not fit into 16 bits: it counts as -5536.
  CHECK(text_of(test::line_of<double>({-30000, 0, 30000, 0}), labels, {{1, "a"}}, options) ==
        "{\n    \"a\": {\n        \"volume\": 2000.0,\n        \"intensity\": -2.70954\n    }\n}");
  CHECK(text_of(test::line_of<double>({1, 2, 3, 4}), labels, {}, options) == "{}");
}

}  // namespace
}  // namespace musclemap::quant
