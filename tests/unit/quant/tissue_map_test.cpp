#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "musclemap/metrics.hpp"
#include "musclemap/tissue.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/volumes.hpp"

namespace musclemap {
namespace {

using test::csv_of;
using test::error_of;
using test::line_of;
using U8 = std::vector<std::uint8_t>;

const std::vector<std::int16_t> kValues{0, 0, 0, 1, 1, 9, 10, 10, 10, 10};

TissueOptions options_of(TissueMethod method, int components) {
  TissueOptions options;
  options.method = method;
  options.components = components;
  return options;
}

// The same ten values in labels 1 and 2, then a voxel of label 3 and one of background.
TissueMap map_of(const TissueOptions& options) {
  std::vector<std::int16_t> values = kValues;
  values.insert(values.end(), kValues.begin(), kValues.end());
  values.insert(values.end(), {5, 5});
  U8 labels(22, 1);
  std::fill(labels.begin() + 10, labels.begin() + 20, std::uint8_t{2});
  labels[20] = 3;
  labels[21] = 0;
  return TissueClassifier(options).classify(line_of(values), line_of(labels));
}

U8 tissue(const TissueMap& map) { return test::voxels_of<std::uint8_t>(map.tissue()); }
U8 mask(const TissueMap& map, Tissue of) { return test::voxels_of<std::uint8_t>(map.mask(of)); }

std::string line(const TissueMap& map, int number) {
  const std::string text = csv_of(measure(map, {}).labels);
  std::size_t begin = 0;
  for (int n = 0; n < number; ++n) begin = text.find('\n', begin) + 1;
  return text.substr(begin, text.find('\n', begin) - begin);
}

TEST_CASE("tissue map: codes and masks", "[quant]") {
  const TissueMap map = map_of(options_of(TissueMethod::kmeans, 2));
  CHECK(tissue(map) == U8{1, 1, 1, 4, 4, 4, 4, 4, 4, 4, 1, 1, 1, 4, 4, 4, 4, 4, 4, 4, 0, 0});
  CHECK(mask(map, Tissue::muscle) == U8{1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  CHECK(mask(map, Tissue::fat) == U8{0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0});
  CHECK(mask(map, Tissue::undefined) == U8(22, 0));
  CHECK(error_of([&] { map.mask(Tissue::none); }).find("argument/") == 0);
  CHECK(map.excluded() == nullptr);
  CHECK(map.fits().size() == 3);
  CHECK(map.fits()[2].status == LabelStatus::too_few_voxels);
  CHECK(line(map, 3) == "3,,1,,,1.0,,");
}

TEST_CASE("tissue map: thresholds move with recompute, without clustering", "[quant]") {
  TissueMap map = map_of(options_of(TissueMethod::kmeans, 2));
  map.set_thresholds(1, 10, 7);
  CHECK(tissue(map)[3] == 4);
  map.recompute();
  CHECK(tissue(map) == U8{1, 1, 1, 1, 1, 1, 4, 4, 4, 4, 1, 1, 1, 4, 4, 4, 4, 4, 4, 4, 0, 0});
  CHECK(line(map, 1) == "1,,1,100.0,0.0,10.0,0.0,10.0");
  CHECK(line(map, 2) == "2,,1,50.0,50.0,10.0,5.0,5.0");
  CHECK(map.fits()[0].components[0].mean == 0.4);
  CHECK(std::isnan(map.fits()[0].fat_min));
  map.set_thresholds(1, 1);
  map.recompute();
  CHECK(line(map, 1) == "1,,1,50.0,50.0,10.0,5.0,5.0");
}

TEST_CASE("tissue map: muscle and fat may overlap in the masks, fat wins in the codes", "[quant]") {
  const U8 labels(6, 1);
  TissueMap map = TissueClassifier(options_of(TissueMethod::kmeans, 3))
                      .classify(line_of<std::int16_t>({0, 1, 5, 6, 10, 11}), line_of(labels));
  map.set_thresholds(1, 10, 5);
  map.recompute();
  CHECK(mask(map, Tissue::muscle) == U8{1, 1, 1, 1, 0, 0});
  CHECK(mask(map, Tissue::fat) == U8{0, 0, 1, 1, 1, 1});
  CHECK(tissue(map) == U8{1, 1, 4, 4, 4, 4});
  CHECK(line(map, 1) == "1,,1,66.67,66.67,6.0,4.0,5.0,0.0,0.0");
}

TEST_CASE("tissue map: excluded voxels leave counts, maps and probabilities", "[quant]") {
  TissueMap map = map_of(options_of(TissueMethod::gmm, 2));
  const std::string before = line(map, 1);
  U8 excluded(22, 0);
  excluded[0] = 1;
  std::fill(excluded.begin() + 10, excluded.begin() + 20, std::uint8_t{200});
  map.set_exclusion_mask(line_of(excluded));
  REQUIRE(map.excluded() != nullptr);
  CHECK(tissue(map)[0] == 1);
  map.recompute();
  CHECK(tissue(map)[0] == 0);
  CHECK(mask(map, Tissue::muscle)[0] == 0);
  CHECK(line(map, 1) == "1,,1,44.44,55.56,9.0,5.0,4.0");
  // Erased completely: no composition, no volume, but still the row and the slices.
  CHECK(line(map, 2) == "2,,1,,,0.0,0.0,0.0");
  const Metrics metrics = measure(map, {});
  CHECK(metrics.labels.column("voxels").values == std::vector<double>{9, 0, 1});
  CHECK(metrics.slices.column("label").values == std::vector<double>{1, 3});
  const auto fat = test::voxels_of<float>(map.posterior_map(Tissue::fat));
  CHECK(fat[0] == 0);
  CHECK(fat[9] > 0.99F);
  CHECK(std::vector<float>(fat.begin() + 10, fat.end()) == std::vector<float>(12, 0));
  map.set_exclusion_mask(line_of(U8(22, 0)));
  map.recompute();
  CHECK(line(map, 1) == before);
}

TEST_CASE("tissue map: probabilities are those of each label's own mixture", "[quant]") {
  for (const int components : {2, 3}) {
    const TissueMap map = map_of(options_of(TissueMethod::gmm, components));
    std::vector<Tissue> tissues{Tissue::muscle, Tissue::undefined, Tissue::fat};
    if (components == 2) tissues.erase(tissues.begin() + 1);
    for (std::size_t t = 0; t < tissues.size(); ++t) {
      const auto probabilities = test::voxels_of<float>(map.posterior_map(tissues[t]));
      for (std::size_t n = 0; n < 20; ++n) {
        const double wanted = posterior(map.fits()[n / 10], kValues[n % 10])[t];
        CHECK(probabilities[n] == static_cast<float>(wanted));
      }
      CHECK(probabilities[20] == 0);
      CHECK(probabilities[21] == 0);
    }
  }
}

TEST_CASE("tissue map: what it cannot do is refused", "[quant]") {
  TissueMap kmeans = map_of(options_of(TissueMethod::kmeans, 2));
  TissueMap gmm = map_of(options_of(TissueMethod::gmm, 2));
  TissueMap hu = map_of(options_of(TissueMethod::hu, 2));
  const auto is_argument = [](const std::string& error) { return error.find("argument/") == 0; };
  CHECK(is_argument(error_of([&] { kmeans.posterior_map(Tissue::fat); })));
  CHECK(is_argument(error_of([&] { hu.posterior_map(Tissue::fat); })));
  CHECK(is_argument(error_of([&] { gmm.posterior_map(Tissue::undefined); })));
  CHECK(is_argument(error_of([&] { gmm.posterior_map(Tissue::none); })));
  CHECK(error_of([&] { kmeans.set_thresholds(4, 1); }) ==
        "argument/invalid: label 4 has no thresholds to move");
  CHECK(error_of([&] { kmeans.set_thresholds(3, 1); }) ==
        "argument/invalid: label 3 has no thresholds to move");
  CHECK(is_argument(error_of([&] { hu.set_thresholds(1, 1); })));
  CHECK(is_argument(error_of([&] { kmeans.set_exclusion_mask(line_of(std::vector<std::int16_t>(22))); })));
  CHECK(error_of([&] { kmeans.set_exclusion_mask(line_of(U8(21))); }).find("geometry/") == 0);
  Geometry moved = kmeans.labels().geometry();
  moved.to_world(2, 3) += 5;
  CHECK(error_of([&] { kmeans.set_exclusion_mask(test::volume_of(moved, U8(22))); }).find("geometry/") == 0);
  CHECK(kmeans.excluded() == nullptr);
}

TEST_CASE("tissue map: a recompute that is cancelled changes nothing", "[quant]") {
  TissueMap map = map_of(options_of(TissueMethod::kmeans, 2));
  const U8 before = tissue(map);
  map.set_thresholds(1, 10);
  RunControl control;
  control.cancel.cancel();
  CHECK(error_of([&] { map.recompute(control); }).find("cancelled/") == 0);
  CHECK(tissue(map) == before);
}

TEST_CASE("classifier: options and inputs it refuses", "[quant]") {
  for (const int components : {0, 1, 4}) {
    CHECK(error_of([&] { TissueClassifier(options_of(TissueMethod::gmm, components)); }).find("argument/") ==
          0);
  }
  TissueOptions options = options_of(TissueMethod::hu, 2);
  options.fat_range = {5, 4};
  CHECK(error_of([&] { TissueClassifier{options}; }).find("argument/invalid: options.fat_range runs from") ==
        0);
  options = options_of(TissueMethod::hu, 2);
  options.muscle_range = {0, std::numeric_limits<double>::infinity()};
  CHECK(error_of([&] {
          TissueClassifier{options};
        }).find("argument/invalid: options.muscle_range runs from") == 0);
  const TissueClassifier classifier(options_of(TissueMethod::kmeans, 2));
  const Volume image = line_of<float>({1, 2, 3});
  CHECK(error_of([&] {
          classifier.classify(image, line_of<std::uint8_t>({0, 0, 0}));
        }) == "format/labels: no labels found: every voxel is 0");
  CHECK(error_of([&] {
          classifier.classify(image, line_of<float>({0, 0.5F, 1}));
        }).find("format/labels: ") == 0);
  CHECK(error_of([&] { classifier.classify(image, line_of<std::uint8_t>({1, 1})); }).find("geometry/") == 0);
  RunControl control;
  control.cancel.cancel();
  CHECK(error_of([&] {
          classifier.classify(image, line_of<std::uint8_t>({1, 1, 1}), control);
        }).find("cancelled/") == 0);
}

}  // namespace
}  // namespace musclemap
