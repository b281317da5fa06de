#include "image/intensity.hpp"

#include <cmath>
#include <memory>
#include <vector>

#include "image/requantise.hpp"
#include "support/catch.hpp"

namespace musclemap::image {
namespace {

Slice slice_of(std::vector<float> values) {
  return std::make_shared<const std::vector<float>>(std::move(values));
}

ZScore score_of(const std::vector<float>& values) {
  MeanPass first;
  first.add(slice_of(values));
  SpreadPass second(first, {static_cast<std::int64_t>(values.size()), 1, 1});
  second.add(0, slice_of(values));
  return second.score();
}

TEST_CASE("z-score: vectors of docs/chains/musclemap.md, section 10.4", "[image]") {
  const auto check = [](const std::vector<float>& in, const std::vector<double>& out, double mean,
                        double deviation) {
    const ZScore score = score_of(in);
    CHECK(std::fabs(score.mean - mean) < 1e-6);
    CHECK(std::fabs(score.deviation / deviation - 1) < 1e-7);
    for (std::size_t i = 0; i < in.size(); ++i) CHECK(std::fabs(score(in[i]) - out[i]) < 1.5e-7);
  };
  check({0, 1, 2, 3, 4, 0, 10}, {0, -.948683262, -.632455528, -.316227764, 0, 0, 1.89736652}, 4, 3.16227770);
  check({-1000, -1000, 0, 50, 60}, {-.999977529, -.999977529, 0, .990499079, 1.00945604}, -472.5, 527.511841);
}

TEST_CASE("z-score: constant and blank images keep their values finite", "[image]") {
  CHECK(score_of({5, 5, 5})(5) == 0);
  CHECK(score_of({0, 0})(0) == 0);
}

TEST_CASE("foreground box: vectors of docs/chains/musclemap.md, section 10.4", "[image]") {
  const auto box = [](const Index3& shape, const Index3& low, const Index3& high) {
    std::vector<std::vector<float>> slices(
        static_cast<std::size_t>(shape[2]),
        std::vector<float>(static_cast<std::size_t>(shape[0] * shape[1]), -1));
    for (std::int64_t z = low[2]; z <= high[2]; ++z) {
      for (std::int64_t x = low[0]; x <= high[0]; ++x) {
        for (std::int64_t y = low[1]; y <= high[1]; ++y) {
          slices[static_cast<std::size_t>(z)][static_cast<std::size_t>(x * shape[1] + y)] = 1;
        }
      }
    }
    MeanPass first;
    for (const auto& slice : slices) first.add(slice_of(slice));
    SpreadPass second(first, shape);
    for (std::size_t z = 0; z < slices.size(); ++z)
      second.add(static_cast<std::int64_t>(z), slice_of(slices[z]));
    REQUIRE(second.has_foreground());
    return std::make_pair(second.box_begin(20), second.box_end(20));
  };
  CHECK(box({100, 80, 50}, {40, 10, 30}, {59, 19, 30}) ==
        std::make_pair(Index3{20, 0, 10}, Index3{80, 40, 50}));
  CHECK(box({30, 300, 5}, {0, 100, 2}, {29, 100, 2}) == std::make_pair(Index3{0, 80, 0}, Index3{30, 121, 5}));
}

TEST_CASE("foreground box: nothing above the mean means no foreground", "[image]") {
  MeanPass first;
  first.add(slice_of({3, 3, 0, 3}));
  SpreadPass second(first, {4, 1, 1});
  second.add(0, slice_of({3, 3, 0, 3}));
  CHECK_FALSE(second.has_foreground());
}

TEST_CASE("requantise: an int16 file moves signed zeros and keeps those of data that starts at zero",
          "[image]") {
  std::vector<float> shifted{-500, 0, 374};
  requantise(shifted.data(), shifted.size(), "int16");
  CHECK(std::fabs(shifted[1] - -0.0056) < 2e-3);
  CHECK(shifted[1] != 0);
  std::vector<float> positive{0, 100, 4095};
  requantise(positive.data(), positive.size(), "int16");
  CHECK(std::fabs(positive[0]) < 1e-3);
  std::vector<float> floats{0.1F, 0.2F};
  requantise(floats.data(), floats.size(), "float32");
  CHECK(floats[0] == 0.1F);
}

}  // namespace
}  // namespace musclemap::image
