#include "decode/ais/ais_labels.hpp"

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>

#include "decode/ais/gaussian.hpp"
#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/npy_array.hpp"
#include "support/shared_data.hpp"

namespace musclemap::decode {
namespace {

struct Example {
  image::PlaneShape shape{};
  AisMaps maps;
};

std::filesystem::path vectors() {
  const std::filesystem::path folder = test::shared_data();
  return folder.empty() ? folder : folder / "cellpose";
}

Example example(const std::filesystem::path& folder) {
  const test::NpyArray foreground = test::read_npy(folder / "ais.foreground.npy");
  return {{foreground.shape[0], foreground.shape[1]},
          {foreground.floats(), test::read_npy(folder / "ais.center_dist.npy").floats(),
           test::read_npy(folder / "ais.boundary_dist.npy").floats()}};
}

std::vector<std::uint32_t> labels_of(const std::filesystem::path& file) {
  const test::NpyArray array = test::read_npy(file);
  return {array.values.begin(), array.values.end()};
}

TEST_CASE("ais: Gaussians of vigra, to the last bit", "[decode]") {
  const std::filesystem::path folder = vectors();
  if (folder.empty()) return;
  Example at = example(folder);
  for (const int threads : {1, 2}) {
    std::vector<float> foreground = at.maps.foreground;
    smooth_gaussian(at.shape, 1.0, threads, &foreground);
    CHECK(foreground == test::read_npy(folder / "ais.fg_smooth1.npy").floats());
    std::vector<float> boundary = at.maps.boundary_distance;
    smooth_gaussian(at.shape, 1.6, threads, &boundary);
    CHECK(boundary == test::read_npy(folder / "ais.bd_smooth1p6.npy").floats());
  }
}

TEST_CASE("ais: seeds and cells of scikit-image's watershed", "[decode]") {
  const std::filesystem::path folder = vectors();
  if (folder.empty()) return;
  const Example at = example(folder);
  AisOptions other;
  other.center_distance_threshold = 0.4;
  other.boundary_distance_threshold = 0.45;
  other.distance_smoothing = 2.0;
  other.min_size = 100;
  AisOptions rough;
  rough.foreground_smoothing = 0;
  rough.distance_smoothing = 0;
  rough.min_size = 25;
  const std::vector<std::pair<std::string, AisOptions>> cases{
      {"ais_default", {}}, {"ais_b", other}, {"ais_nosmooth", rough}};
  for (const auto& [name, options] : cases) {
    AisMaps smoothed = at.maps;
    smooth_gaussian(at.shape, options.foreground_smoothing, 1, &smoothed.foreground);
    smooth_gaussian(at.shape, options.distance_smoothing, 1, &smoothed.center_distance);
    smooth_gaussian(at.shape, options.distance_smoothing, 1, &smoothed.boundary_distance);
    CHECK(ais_markers(smoothed, at.shape, options).labels == labels_of(folder / (name + ".markers.npy")));
    for (const int threads : {1, 2}) {
      const AisLabels cells = ais_labels(at.maps, at.shape, options, threads);
      const std::vector<std::uint32_t> expected = labels_of(folder / (name + ".seg.npy"));
      CHECK(cells.labels == expected);
      CHECK(cells.count == *std::max_element(expected.begin(), expected.end()));
    }
  }
}

TEST_CASE("ais: a Gaussian keeps planes of one value, wraps around short ones", "[decode]") {
  std::vector<float> even(12, 0.25F);
  smooth_gaussian({3, 4}, 5.0, 1, &even);
  for (const float value : even) CHECK(std::fabs(value - 0.25F) < 1e-7F);
  std::vector<float> one{3.0F};
  smooth_gaussian({1, 1}, 1.6, 1, &one);
  CHECK(one[0] == 3.0F);
  std::vector<float> same{1, 2, 3};
  smooth_gaussian({1, 3}, 0.0, 1, &same);
  CHECK(same == std::vector<float>{1, 2, 3});
  CHECK_THROWS_AS(smooth_gaussian({1, 3}, 1e9, 1, &same), Error);
}

TEST_CASE("ais: maps without cells, without background, of one pixel", "[decode]") {
  const std::vector<float> low(6, 0.1F);
  const std::vector<float> high(6, 0.9F);
  CHECK(ais_labels({low, low, low}, {2, 3}, {}, 1).count == 0);
  const AisLabels full = ais_labels({high, low, low}, {2, 3}, {}, 1);
  CHECK(full.count == 1);
  CHECK(full.labels == std::vector<std::uint32_t>(6, 1));
  const AisLabels seedless = ais_labels({high, high, low}, {2, 3}, {}, 1);
  CHECK(seedless.labels == std::vector<std::uint32_t>(6, 0));
  CHECK(ais_labels({{0.9F}, {0.1F}, {0.1F}}, {1, 1}, {}, 1).count == 1);
}

TEST_CASE("ais: maps of another size and values that are no numbers are refused", "[decode]") {
  const std::vector<float> map(6, 0.1F);
  CHECK_THROWS_AS(ais_labels({map, map, {0.1F}}, {2, 3}, {}, 1), Error);
  std::vector<float> odd = map;
  odd[4] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_AS(ais_labels({map, odd, map}, {2, 3}, {}, 1), Error);
}

}  // namespace
}  // namespace musclemap::decode
