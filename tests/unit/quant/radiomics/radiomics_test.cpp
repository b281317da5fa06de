#include "quant/radiomics/radiomics.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "musclemap/organs.hpp"
#include "quant/radiomics/marching_cubes.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/volumes.hpp"

namespace musclemap {
namespace {

double feature(const std::vector<double>& values, const std::string& name) {
  const std::vector<std::string>& names = quant::radiomics_names();
  return values.at(static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin()));
}

/// A box of ones in an image whose values are their places along the first axis.
struct Boxed {
  Volume image;
  Volume labels;
};

Boxed boxed(const Index3& shape, double spacing_mm) {
  const Geometry geometry = test::grid(shape, {spacing_mm, spacing_mm, spacing_mm});
  Boxed result{Volume::zeros(geometry, DType::f32), Volume::zeros(geometry, DType::u8)};
  const VoxelView<float> image = result.image.mutable_view<float>();
  const VoxelView<std::uint8_t> labels = result.labels.mutable_view<std::uint8_t>();
  for (std::int64_t k = 0; k < shape[2]; ++k) {
    for (std::int64_t j = 0; j < shape[1]; ++j) {
      for (std::int64_t i = 0; i < shape[0]; ++i) {
        image(i, j, k) = static_cast<float>(i);
        const bool border =
            i == 0 || j == 0 || k == 0 || i + 1 == shape[0] || j + 1 == shape[1] || k + 1 == shape[2];
        labels(i, j, k) = border ? 0 : 1;
      }
    }
  }
  return result;
}

TEST_CASE("radiomics: a long label is resampled in tiles that fit together", "[quant]") {
  const Boxed box = boxed({250, 7, 7}, 1);
  const auto extent = quant::label_extents(box.labels, {1}).at(1);
  CHECK(extent.voxels == 248 * 5 * 5);
  const auto region = quant::resampled_region(box.image, box.labels, 1, extent);
  REQUIRE(region);
  std::vector<double> seen = region->values;
  std::sort(seen.begin(), seen.end());
  std::size_t n = 0;
  // Voxels of 3 mm have their centres at 1, 4, 7, …; there are 2 x 2 of them across.
  for (int place = 1; place < 249; place += 3) {
    for (int across = 0; across < 4; ++across) CHECK(std::fabs(seen.at(n++) - place) < 1e-4);
  }
  CHECK(n == seen.size());
}

TEST_CASE("radiomics: a box has its own lengths", "[quant]") {
  const Boxed box = boxed({12, 8, 6}, 3);
  const std::vector<double> values = quant::radiomics_values(box.image, box.labels, {1}).front();
  CHECK(feature(values, "shape_VoxelVolume") == 10 * 6 * 4 * 27);
  CHECK(feature(values, "firstorder_Minimum") == 1);
  CHECK(feature(values, "firstorder_Maximum") == 10);
  CHECK(feature(values, "firstorder_Mean") == 5.5);
  // Between the points half a voxel outside, on faces across from each other.
  CHECK(std::fabs(feature(values, "shape_Maximum3DDiameter") - 3 * std::sqrt(10 * 10 + 5 * 5 + 3 * 3)) <
        1e-9);
}

TEST_CASE("radiomics: features do not depend on the number of threads", "[quant]") {
  const Boxed box = boxed({20, 9, 9}, 2);
  RunControl one;
  one.threads = 1;
  RunControl three;
  three.threads = 3;
  CHECK(quant::radiomics_values(box.image, box.labels, {1, 2, 1}, one) ==
        quant::radiomics_values(box.image, box.labels, {1, 2, 1}, three));
}

TEST_CASE("radiomics: a label that is not there has 107 zeros", "[quant]") {
  const Boxed box = boxed({6, 6, 6}, 3);
  const std::vector<std::vector<RadiomicsFeature>> features = radiomics(box.image, box.labels, {1, 9});
  CHECK(features[0].size() == 32);
  REQUIRE(features[1].size() == 107);
  for (const RadiomicsFeature& none : features[1]) CHECK(none.value == 0);
  CHECK(features[1].back().name == "ngtdm_Strength");
  const Volume other = Volume::zeros(test::grid({5, 6, 6}), DType::u8);
  CHECK(test::contains(test::error_of([&] { radiomics(box.image, other, {1}); }), "geometry/"));
}

TEST_CASE("radiomics: the length of the bins wraps in 8 bits", "[quant]") {
  quant::Region region;
  region.shape = {3, 1, 1};
  region.spacing = {1, 1, 1};
  region.inside = {1, 1, 1};
  region.values = {0, 100, 230};
  region.dtype = DType::u8;
  // From 0 to 230 + 50 it is 24: one edge, at 0.
  const auto uniformity = [&] { return quant::first_order_features(region)[16]; };
  CHECK(std::fabs(uniformity() - 5.0 / 9) < 1e-12);
  region.values = {100, 150, 230};
  CHECK(std::fabs(uniformity() - 3.0 / 9) < 1e-12);
  region.values = {0, 100, 230};
  region.dtype = DType::i16;
  CHECK(std::fabs(uniformity() - 3.0 / 9) < 1e-12);
}

TEST_CASE("marching cubes: every edge of the cube whose ends differ has a point", "[quant]") {
  CHECK(quant::cube_triangles(0).empty());
  CHECK(quant::cube_triangles(255).empty());
  CHECK(quant::cube_triangles(1).size() == 1);
  CHECK(quant::cube_triangles(15).size() == 2);
  for (std::size_t corners = 1; corners < 255; ++corners) {
    std::vector<quant::HalfPoint> points;
    for (const quant::Triangle& triangle : quant::cube_triangles(corners)) {
      points.insert(points.end(), triangle.begin(), triangle.end());
    }
    std::sort(points.begin(), points.end());
    points.erase(std::unique(points.begin(), points.end()), points.end());
    std::size_t cut = 0;
    for (unsigned corner = 0; corner < 8; ++corner) {
      for (const unsigned axis : {1U, 2U, 4U}) {
        const unsigned neighbour = corner ^ axis;
        if (corner < neighbour && (corners >> corner & 1U) != (corners >> neighbour & 1U)) ++cut;
      }
    }
    CHECK(points.size() == cut);
  }
}

}  // namespace
}  // namespace musclemap
