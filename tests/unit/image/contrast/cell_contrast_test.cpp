#include "image/contrast/cell_contrast.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "image/percentile.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/npy_array.hpp"
#include "support/shared_data.hpp"

namespace musclemap::image {
namespace {

FloatPlane contrast_of(FloatPlane plane, const CellContrast& contrast, int threads = 2) {
  std::vector<FloatPlane> planes{std::move(plane)};
  apply_cell_contrast(contrast, &planes, threads);
  return std::move(planes[0]);
}

FloatPlane ramp(std::int64_t height, std::int64_t width) {
  FloatPlane plane(height, width);
  std::iota(plane.values.begin(), plane.values.end(), 0.0F);
  return plane;
}

TEST_CASE("percentile: between two values, and at both ends", "[image]") {
  std::vector<float> values{4, 1, 3, 2, 5};
  CHECK(numpy_percentile(&values, 50) == 3);
  CHECK(numpy_percentile(&values, 0) == 1);
  CHECK(numpy_percentile(&values, 100) == 5);
  CHECK(numpy_percentile(&values, 12.5) == 1.5F);
  CHECK(numpy_percentile(&values, 87.5) == 4.5F);
  std::vector<float> one{-7};
  CHECK(numpy_percentile(&one, 99) == -7);
}

TEST_CASE("cell contrast: a channel of one value stays as it is", "[image]") {
  FloatPlane plane(4, 5);
  plane.values.assign(20, 3);
  CellContrast contrast;
  contrast.invert = true;
  CHECK(contrast_of(plane, contrast).values == plane.values);
}

TEST_CASE("cell contrast: where the percentiles are one, all becomes 0", "[image]") {
  FloatPlane plane(20, 20);
  plane.values[17] = 9;
  CHECK(contrast_of(plane, {}).values == std::vector<float>(400, 0.0F));
}

TEST_CASE("cell contrast: given limits are all that counts", "[image]") {
  CellContrast contrast;
  contrast.lowhigh = {2, 6};
  contrast.sharpen_radius = 3;
  const FloatPlane found = contrast_of(ramp(2, 4), contrast);
  CHECK(found.values == std::vector<float>{-0.5F, -0.25F, 0, 0.25F, 0.5F, 0.75F, 1, 1.25F});
  contrast.invert = true;
  CHECK(contrast_of(ramp(2, 4), contrast).values[0] == 1.5F);
}

TEST_CASE("cell contrast: a stack has percentiles of all its planes", "[image]") {
  FloatPlane low(10, 10);
  FloatPlane high(10, 10);
  high.values.assign(100, 8);
  std::vector<FloatPlane> planes{low, high};
  apply_cell_contrast({}, &planes, 1);
  CHECK(planes[0].values[0] == 0);
  CHECK(planes[1].values[0] == 1);
}

TEST_CASE("cell contrast: or each of its own, and only an even stack is not inverted", "[image]") {
  FloatPlane even(10, 10);
  even.values.assign(100, 8);
  std::vector<FloatPlane> planes{ramp(10, 10), even};
  CellContrast contrast;
  contrast.norm3d = false;
  contrast.invert = true;
  apply_cell_contrast(contrast, &planes, 1);
  contrast.norm3d = true;
  CHECK(planes[0].values == contrast_of(ramp(10, 10), contrast).values);
  CHECK(planes[1].values[0] == -7);
}

TEST_CASE("cell contrast: of many values every so many-th counts", "[image]") {
  FloatPlane plane(3400, 3400);
  for (std::size_t i = 0; i < plane.values.size(); ++i)
    plane.values[i] = std::sin(static_cast<float>(i) * 0.7F);
  std::vector<float> some;
  for (std::int64_t y = 0; y < 3400; y += 15) {
    for (std::int64_t x = 0; x < 3400; x += 15) some.push_back(plane.row(y)[x]);
  }
  const float low = numpy_percentile(&some, 1);
  const float high = numpy_percentile(&some, 99);
  const FloatPlane found = contrast_of(plane, {});
  CHECK(found.values[12345] == (plane.values[12345] - low) / (high - low));
  CHECK(found.values.back() == (plane.values.back() - low) / (high - low));
}

TEST_CASE("cell contrast: what makes no sense is refused", "[image]") {
  CellContrast contrast;
  contrast.percentile = {60, 40};
  CHECK(test::contains(test::error_of([&] { contrast_of(ramp(2, 2), contrast); }), "percentile is 60, 40"));
  contrast = {};
  contrast.normalize = false;
  contrast.invert = true;
  CHECK(test::contains(test::error_of([&] { contrast_of(ramp(2, 2), contrast); }), "invert"));
}

TEST_CASE("cell contrast: planes are those of Cellpose", "[image]") {
  const std::filesystem::path data = test::shared_data();
  if (data.empty()) return;
  const std::filesystem::path folder = data / "cellpose";
  const test::NpyArray image = test::read_npy(folder / "norm.img_u16.npy");
  FloatPlane plane(image.shape[0], image.shape[1]);
  plane.values = image.floats();
  const auto difference = [&](const char* name, const CellContrast& contrast) {
    const test::NpyArray expected = test::read_npy(folder / ("norm." + std::string(name) + ".npy"));
    const FloatPlane found = contrast_of(plane, contrast);
    REQUIRE(found.values.size() == expected.values.size());
    double largest = 0;
    for (std::size_t i = 0; i < found.values.size(); ++i) {
      largest = std::max(largest, std::abs(static_cast<double>(found.values[i]) - expected.values[i]));
    }
    CHECK(found.values == contrast_of(plane, contrast, 1).values);
    return largest;
  };
  CHECK(difference("p1_99", {}) <= 1e-6);
  CellContrast contrast;
  contrast.lowhigh = {200, 2000};
  CHECK(difference("lowhigh_200_2000", contrast) <= 1e-6);
  contrast = {};
  contrast.percentile = {3, 97.5};
  contrast.invert = true;
  CHECK(difference("p3_97p5_inv", contrast) <= 1e-5);
  contrast = {};
  contrast.tile_norm_blocksize = 40;
  CHECK(difference("tile40", contrast) <= 1e-5);
  contrast = {};
  contrast.sharpen_radius = 6;
  contrast.smooth_radius = 2;
  CHECK(difference("sharpen6_smooth2", contrast) <= 1e-5);
}

}  // namespace
}  // namespace musclemap::image
