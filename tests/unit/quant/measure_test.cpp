// Tables of volumes in memory; T1 to T9 are the vectors of docs/chains/metrics.md, section 14.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "musclemap/metrics.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/volumes.hpp"

namespace musclemap {
namespace {

using test::csv_of;
using test::error_of;
using test::grid;
using test::line_of;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const char* const kTwo =
    "Label,Anatomy,Slices with segmentation,Muscle (%),Fat (%),Total volume (ml),Fat volume (ml),"
    "Muscle volume (ml)";
const char* const kThree =
    "Label,Anatomy,Slices with segmentation,Muscle (%),Fat (%),Total volume (ml),Fat volume (ml),"
    "Muscle volume (ml),Undefined (%),Undefined volume (ml)";

TissueOptions options_of(TissueMethod method, int components) {
  TissueOptions options;
  options.method = method;
  options.components = components;
  return options;
}

std::vector<std::int16_t> repeated(const std::vector<std::pair<int, int>>& counts) {
  std::vector<std::int16_t> values;
  for (const auto& [value, count] : counts)
    values.insert(values.end(), static_cast<std::size_t>(count), static_cast<std::int16_t>(value));
  return values;
}

// The lines of the table of one label.
std::string table_of(const std::vector<std::int16_t>& values, const TissueOptions& options) {
  const Volume image = line_of(values);
  const Volume labels = line_of(std::vector<std::uint8_t>(values.size(), 1));
  return csv_of(measure(TissueClassifier(options).classify(image, labels), {}).labels);
}

std::string row(const char* columns, const char* figures) {
  return std::string(columns) + "\n1,,1," + figures + "\n";
}

const std::vector<std::pair<int, int>> kSkewed{{80, 4},   {90, 20}, {100, 40}, {110, 30}, {120, 16},
                                               {130, 10}, {140, 8}, {150, 7},  {160, 8},  {170, 7},
                                               {180, 5},  {190, 3}, {200, 2}};

TEST_CASE("measure: rows of divided labels as MuscleMap prints them (T1 to T4, T9)", "[quant]") {
  const TissueOptions two = options_of(TissueMethod::kmeans, 2);
  const TissueOptions three = options_of(TissueMethod::kmeans, 3);
  CHECK(table_of({0, 0, 0, 1, 1, 9, 10, 10, 10, 10}, two) == row(kTwo, "50.0,50.0,10.0,5.0,5.0"));
  CHECK(table_of(repeated({{10, 4}, {12, 3}, {14, 5}, {30, 2}, {33, 2}, {36, 1}, {60, 3}, {64, 4}}), three) ==
        row(kThree, "29.17,29.17,24.0,7.0,12.0,41.67,5.0"));
  CHECK(table_of(repeated(kSkewed), two) == row(kTwo, "75.0,25.0,160.0,40.0,120.0"));
  CHECK(table_of(repeated(kSkewed), three) == row(kThree, "40.0,15.62,160.0,25.0,94.0,44.38,41.0"));
  CHECK(table_of(repeated(kSkewed), options_of(TissueMethod::gmm, 2)) ==
        row(kTwo, "68.75,31.25,160.0,50.0,110.0"));
  CHECK(table_of(repeated(kSkewed), options_of(TissueMethod::gmm, 3)) ==
        row(kThree, "40.0,20.0,160.0,32.0,94.0,40.0,34.0"));
  CHECK(table_of({0, 1, 2}, two) == row(kTwo, "33.33,66.67,3.0,2.0,1.0"));
  CHECK(table_of({0, 1, 2, 3}, two) == row(kTwo, "50.0,50.0,4.0,2.0,2.0"));
  CHECK(table_of({0, 1, 2, 3}, three) == row(kThree, "0.0,50.0,4.0,2.0,1.0,50.0,1.0"));
}

TEST_CASE("measure: mean fat fractions (T6)", "[quant]") {
  const Volume labels = line_of<std::uint8_t>({1, 1, 1, 1, 2, 2, 3, 3});
  const Volume fat = line_of<std::int16_t>({0, 1, 2, 3, 0, 5, -1, 1});
  const Volume water = line_of<std::int16_t>({0, 3, 2, 1, 4, 0, 1, -3});
  const Metrics metrics = measure_mean(labels, fat_fraction(fat, water), ValueKind::fat_fraction, {});
  CHECK(csv_of(metrics.labels) ==
        "Label,Anatomy,Slices with segmentation,Fat (%),Volume (ml)\n"
        "1,,1,37.5,4.0\n2,,1,50.0,2.0\n3,,1,-25.0,2.0\n");
  CHECK(metrics.warnings.empty());
}

TEST_CASE("measure: a NaN leaves an intensity's mean and empties that of a fat fraction", "[quant]") {
  const Volume labels = line_of<std::int16_t>({1, 1, 1, 2, 0});
  const Volume values = line_of<float>({0.25F, static_cast<float>(kNaN), 0.5F, HUGE_VALF, HUGE_VALF});
  const Metrics mean = measure_mean(labels, values, ValueKind::intensity, {});
  CHECK(mean.labels.column("mean_intensity").values[0] == 0.375);
  CHECK(std::isnan(mean.labels.column("mean_intensity").values[1]));
  const Metrics fraction = measure_mean(labels, values, ValueKind::fat_fraction, {});
  CHECK(std::isnan(fraction.labels.column("fat_percent").values[0]));
  for (const Metrics* metrics : {&mean, &fraction}) {
    CHECK(metrics->labels.column("status").texts == std::vector<std::string>{"nonfinite", "nonfinite"});
    CHECK(metrics->labels.column("volume_ml").values == std::vector<double>{3, 1});
    CHECK(metrics->warnings ==
          std::vector<Warning>{{WarningCode::nonfinite, "label 1: 1 of 3 voxels are NaN or infinite"},
                               {WarningCode::nonfinite, "label 2: 1 of 1 voxels are NaN or infinite"}});
  }
}

TEST_CASE("measure: labels that means refuse", "[quant]") {
  const Volume values = line_of<float>({1, 2});
  CHECK(error_of([&] {
          measure_mean(line_of<std::int16_t>({3, -2}), values, ValueKind::intensity, {});
        }) == "format/labels: label -2 is negative; means need labels above 0");
  CHECK(error_of([&] {
          measure_mean(line_of<float>({3, 2.5F}), values, ValueKind::intensity, {});
        }).find("format/labels: voxel (1, 0, 0) is 2.5") == 0);
  CHECK(error_of([&] {
          measure_mean(line_of<std::uint8_t>({3, 2, 1}), values, ValueKind::intensity, {});
        }).find("geometry/geometry: ") == 0);
  const Metrics empty = measure_mean(line_of<std::uint8_t>({0, 0}), values, ValueKind::intensity, {});
  CHECK(empty.labels.row_count() == 0);
  CHECK(empty.slices.row_count() == 0);
  CHECK(empty.warnings.size() == 1);
}

template <class T>
std::vector<double> labels_found(const std::vector<T>& labels) {
  const Volume image = line_of(std::vector<float>(labels.size(), 1));
  const TissueOptions options = options_of(TissueMethod::kmeans, 2);
  return measure(TissueClassifier(options).classify(image, line_of(labels)), {})
      .labels.column("label")
      .values;
}

TEST_CASE("measure: labels of every type and value", "[quant]") {
  using Found = std::vector<double>;
  CHECK(labels_found<std::uint8_t>({255, 1}) == Found{1, 255});
  CHECK(labels_found<std::int16_t>({-32768, 300, 32767}) == Found{-32768, 300, 32767});
  CHECK(labels_found<std::uint16_t>({65535, 32768}) == Found{32768, 65535});
  CHECK(labels_found<std::int32_t>({-2147483647 - 1, 2147483647}) == Found{-2147483648.0, 2147483647});
  CHECK(labels_found<float>({-5, 8142, 0}) == Found{-5, 8142});
  CHECK(labels_found<double>({1e9, 7}) == Found{7, 1e9});
}

TEST_CASE("measure: thousands of labels", "[quant]") {
  constexpr std::size_t kLabels = 5000;
  std::vector<std::int32_t> labels;
  std::vector<float> values;
  for (std::size_t n = 0; n < kLabels; ++n) {
    for (const float value : {1.0F, 2.0F, 9.0F, 8.0F}) {
      labels.push_back(static_cast<std::int32_t>(n + 1));
      values.push_back(value + static_cast<float>(n));
    }
  }
  const Metrics metrics = measure(
      TissueClassifier(options_of(TissueMethod::gmm, 2)).classify(line_of(values), line_of(labels)), {});
  REQUIRE(metrics.labels.row_count() == kLabels);
  CHECK(metrics.warnings.empty());
  const Metrics means = measure_mean(line_of(labels), line_of(values), ValueKind::intensity, {});
  for (std::size_t n = 0; n < kLabels; ++n) {
    REQUIRE(metrics.labels.column("fat_percent").values[n] == 50);
    REQUIRE(means.labels.column("mean_intensity").values[n] == static_cast<double>(n) + 5);
  }
}

TEST_CASE("measure: any layout of memory gives the same table", "[quant]") {
  const Geometry geometry = grid({5, 4, 3}, {2, 1, 4});
  std::vector<std::int16_t> labels(60);
  std::vector<float> values(60);
  for (std::size_t n = 0; n < 60; ++n) {
    labels[n] = static_cast<std::int16_t>(n * 7 % 3);
    values[n] = static_cast<float>(n * n % 41);
  }
  const Volume map = test::volume_of(geometry, labels);
  const Volume image = test::volume_of(geometry, values);
  const Volume odd_map = test::backwards<std::int16_t>(map);
  const Volume odd_image = test::backwards<float>(image);
  const TissueClassifier classifier(options_of(TissueMethod::gmm, 3));
  const TissueMap plain = classifier.classify(image, map);
  const TissueMap odd = classifier.classify(odd_image, odd_map);
  CHECK(csv_of(measure(odd, {}).labels, true) == csv_of(measure(plain, {}).labels, true));
  CHECK(csv_of(measure(odd, {}).slices, true) == csv_of(measure(plain, {}).slices, true));
  CHECK(test::voxels_of<std::uint8_t>(odd.tissue()) == test::voxels_of<std::uint8_t>(plain.tissue()));
  CHECK(csv_of(measure_mean(odd_map, odd_image, ValueKind::intensity, {}).slices, true) ==
        csv_of(measure_mean(map, image, ValueKind::intensity, {}).slices, true));
}

TEST_CASE("measure: the stated voxel size carries volumes, areas and the slice axis", "[quant]") {
  const Volume labels = test::volume_of<std::uint8_t>(grid({2, 3, 4}), std::vector<std::uint8_t>(24, 1));
  const Volume values = test::volume_of<float>(grid({2, 3, 4}), std::vector<float>(24, 1));
  MeasureOptions options;
  const Metrics plain = measure_mean(labels, values, ValueKind::intensity, {}, options);
  CHECK(plain.labels.column("slices").values[0] == 4);
  CHECK(plain.labels.column("largest_area_slice").values[0] == 0);
  CHECK(plain.labels.column("volume_ml").values[0] == 24 * 0.001);
  options.stated = StatedVoxelSize{{2, 5, 3}, 0.03125};
  const Metrics stated = measure_mean(labels, values, ValueKind::intensity, {}, options);
  CHECK(stated.labels.column("slices").values[0] == 3);
  CHECK(stated.labels.column("volume_ml").values[0] == 0.75);
  CHECK(stated.labels.column("affine_volume_ml").values[0] == 24 * 0.001);
  CHECK(stated.labels.column("largest_area_mm2").values[0] == 6 * 10);  // axial, whatever the spacing
  CHECK(stated.labels.column("section_axis").texts[0] == "k");
  CHECK(stated.slices.column("area_mm2").values == std::vector<double>{60, 60, 60, 60});
  options.section_axis = SectionAxis::stored;
  const Metrics stored = measure_mean(labels, values, ValueKind::intensity, {}, options);
  CHECK(stored.labels.column("slices").values[0] == 3);
  CHECK(stored.labels.column("largest_area_mm2").values[0] == 8 * 6);
  CHECK(stored.labels.column("section_axis").texts[0] == "j");
  CHECK(stored.slices.column("area_mm2").values == std::vector<double>{48, 48, 48});
}

TEST_CASE("measure: names, and a warning for those that lack one", "[quant]") {
  const std::vector<Label> names{{1, "leg", " sacrum ", "no side"}, {2, "leg", "", ""}, {9, "x", "y", "z"}};
  const Metrics metrics =
      measure_mean(line_of<std::uint8_t>({1, 2, 3}), line_of<float>({1, 2, 3}), ValueKind::intensity, names);
  CHECK(metrics.labels.column("anatomy").texts == std::vector<std::string>{"sacrum no side", "", ""});
  CHECK(metrics.warnings == std::vector<Warning>{{WarningCode::label_unnamed, "no name for label 3"}});
}

TEST_CASE("measure: lengths without a voxel size are told, once and by every way", "[quant]") {
  std::vector<WarningCode> told;
  MeasureOptions options;
  options.control.on_warning = [&](const Warning& warning) { told.push_back(warning.code); };
  const auto measured = [&](bool known) {
    const Geometry grid{{2, 1, 1}, {}, known};
    Volume labels = Volume::zeros(grid, DType::u8);
    labels.mutable_view<std::uint8_t>()(1, 0, 0) = 1;
    const Volume image = Volume::zeros(grid, DType::f32);
    told.clear();
    return std::pair{
        measure_mean(labels, image, ValueKind::intensity, {}, options),
        measure(TissueClassifier(TissueOptions{TissueMethod::hu}).classify(image, labels), {}, options)};
  };
  const auto has = [](const Metrics& metrics) {
    return std::count_if(metrics.warnings.begin(), metrics.warnings.end(),
                         [](const Warning& warning) { return warning.code == WarningCode::no_spacing; });
  };
  const auto unknown = measured(false);
  CHECK(has(unknown.first) == 1);
  CHECK(has(unknown.second) == 1);
  CHECK(std::count(told.begin(), told.end(), WarningCode::no_spacing) == 2);
  const auto known = measured(true);
  CHECK(has(known.first) + has(known.second) == 0);
  options.stated = StatedVoxelSize{{1, 1, 1}, 0.001};
  CHECK(has(measured(false).first) == 0);
}

TEST_CASE("fat fraction: zero signal is 0, nothing is clipped, NaN stays", "[quant]") {
  const Volume fat = line_of<double>({0, 5, 3, -1, 1, kNaN, 1e-300, 1});
  const Volume water = line_of<float>({0, -5, -1, 3, 2, 1, 0, HUGE_VALF});
  const auto fractions = test::voxels_of<float>(fat_fraction(fat, water));
  CHECK(fractions[0] == 0);
  CHECK(fractions[1] == 0);
  CHECK(fractions[2] == 1.5F);
  CHECK(fractions[3] == -0.5F);
  CHECK(fractions[4] == static_cast<float>(1.0 / 3));
  CHECK(std::isnan(fractions[5]));
  CHECK(fractions[6] == 1);
  CHECK(fractions[7] == 0);
  CHECK(error_of([&] { fat_fraction(fat, line_of<float>({1})); }).find("geometry/geometry: ") == 0);
  RunControl control;
  control.cancel.cancel();
  CHECK(error_of([&] { fat_fraction(fat, water, control); }).find("cancelled/") == 0);
}

}  // namespace
}  // namespace musclemap
