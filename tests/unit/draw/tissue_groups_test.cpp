#include "draw/tissue_groups.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "draw/histogram.hpp"
#include "support/catch.hpp"

namespace {

using musclemap::DType;
using musclemap::Geometry;
using musclemap::Label;
using musclemap::TissueFit;
using musclemap::Volume;
using musclemap::draw::ClassCounts;
using musclemap::draw::Histogram;
using musclemap::draw::kFat;
using musclemap::draw::kMuscle;
using musclemap::draw::kNoClass;
using musclemap::draw::kUndefined;
using musclemap::draw::TissueGroup;
using musclemap::draw::Views;

// A line of voxels per label, label n in slice n; grey values and tissue codes as given.
Views line_of(const std::vector<std::int16_t>& labels, const std::vector<double>& grey,
              const std::vector<std::uint8_t>& tissue) {
  Geometry geometry;
  geometry.shape = {static_cast<std::int64_t>(labels.size()), 1, 8};
  Volume image = Volume::zeros(geometry, DType::f64);
  Volume map = Volume::zeros(geometry, DType::i16);
  Volume codes = Volume::zeros(geometry, DType::u8);
  for (std::size_t n = 0; n < labels.size(); ++n) {
    const auto i = static_cast<std::int64_t>(n);
    const std::int64_t k = labels[n];
    image.mutable_view<double>()(i, 0, k) = grey[n];
    map.mutable_view<std::int16_t>()(i, 0, k) = labels[n];
    codes.mutable_view<std::uint8_t>()(i, 0, k) = tissue[n];
  }
  return {image, map, codes, musclemap::SectionAxis::superior};
}

std::int64_t total(const Histogram& histogram, std::size_t which) {
  return std::accumulate(histogram.bins.begin(), histogram.bins.end(), std::int64_t{0},
                         [which](std::int64_t sum, const ClassCounts& bin) { return sum + bin[which]; });
}

}  // namespace

TEST_CASE("tissue groups: sides are merged, whatever their order and spelling", "[draw]") {
  const Views views = line_of({1, 1, 1, 2, 2, 5, 7}, {1, 2, 3, 4, 5, 6, 7}, {1, 4, 7, 4, 99, 1, 0});
  const std::vector<Label> names{{1, "leg", "soleus", "left"},
                                 {2, "leg", "Soleus", "right"},
                                 {3, "leg", "gracilis", "right"},
                                 {5, "leg", "tibia", "no side"}};
  TissueFit fit;
  fit.label = 2;
  const std::vector<TissueFit> fits{fit};
  const std::vector<TissueGroup> groups = musclemap::draw::tissue_groups(views, names, fits);
  REQUIRE(groups.size() == 3);
  CHECK(groups[0].name == "Soleus");
  CHECK(groups[0].voxels == 5);
  CHECK(groups[0].slice == 1);
  REQUIRE(groups[0].members.size() == 2);
  CHECK(groups[0].members[0].label == 2);
  CHECK(groups[0].members[0].side == "right");
  CHECK(groups[0].members[0].fit == fits.data());
  CHECK(groups[0].members[1].fit == nullptr);
  CHECK(groups[0].members[1].largest_section == 3);
  CHECK(groups[0].members[1].classes[kMuscle] == 1);
  CHECK(groups[0].members[1].classes[kUndefined] == 1);
  CHECK(groups[0].members[1].classes[kFat] == 1);
  CHECK(groups[0].members[0].classes[kNoClass] == 1);  // a code outside the list
  CHECK(groups[1].name == "Tibia");
  CHECK(groups[1].members[0].side.empty());
  CHECK(groups[2].name == "Label 7");
  CHECK(groups[0].has(1));
  CHECK_FALSE(groups[0].has(5));
}

TEST_CASE("histograms: every value within the range is counted once, in its class", "[draw]") {
  const Views views =
      line_of({1, 1, 1, 1, 3}, {10, 20, std::numeric_limits<double>::quiet_NaN(), 40, 7}, {1, 1, 1, 4, 7});
  const std::vector<TissueGroup> groups = musclemap::draw::tissue_groups(views, {}, {});
  const std::vector<Histogram> histograms = musclemap::draw::group_histograms(views, groups);
  REQUIRE(histograms.size() == 2);
  CHECK(histograms[0].low < 10);
  CHECK(histograms[0].high > 40);
  CHECK(total(histograms[0], kMuscle) == 2);
  CHECK(total(histograms[0], kFat) == 1);
  CHECK(histograms[0].bins.back()[kFat] == 1);
  // One value alone.
  CHECK(histograms[1].low < 7);
  CHECK(histograms[1].high > 7);
  CHECK(total(histograms[1], kUndefined) == 1);
}

TEST_CASE("histograms: whole numbers give no comb", "[draw]") {
  // 150 values in up to 96 bins: two values a bin, never one here and two there.
  std::vector<std::int16_t> labels;
  std::vector<double> grey;
  for (int n = 0; n < 3000; ++n) {
    labels.push_back(1);
    grey.push_back(n % 150);
  }
  const Views views = line_of(labels, grey, std::vector<std::uint8_t>(labels.size(), 1));
  const Histogram histogram =
      musclemap::draw::group_histograms(views, musclemap::draw::tissue_groups(views, {}, {})).front();
  CHECK(histogram.bins.size() == 75);
  for (const ClassCounts& bin : histogram.bins) CHECK(bin[kMuscle] == 40);
}

TEST_CASE("histograms: no finite value, no bins", "[draw]") {
  const double infinity = std::numeric_limits<double>::infinity();
  const Views views = line_of({1, 1}, {infinity, -infinity}, {1, 1});
  const std::vector<TissueGroup> groups = musclemap::draw::tissue_groups(views, {}, {});
  CHECK(musclemap::draw::group_histograms(views, groups).front().bins.empty());
}
