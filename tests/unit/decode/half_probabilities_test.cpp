#include "decode/half_probabilities.hpp"

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "base/half.hpp"
#include "support/catch.hpp"

namespace musclemap::decode {
namespace {

using image::HalfSlice;

struct Result {
  std::vector<std::vector<float>> probabilities;  // by z
  std::vector<std::vector<std::uint16_t>> planes;
};

Result run(const std::vector<HalfSlice>& slices, const HalfDecoding& decoding) {
  Result result;
  HalfProbabilities probabilities(decoding, [&](std::int64_t z, const std::vector<float>& values,
                                                const std::vector<std::uint16_t>& plane) {
    REQUIRE(z == static_cast<std::int64_t>(result.planes.size()));
    result.probabilities.push_back(values);
    result.planes.push_back(plane);
  });
  for (std::size_t z = 0; z < slices.size(); ++z) {
    probabilities.take(static_cast<std::int64_t>(z), slices[z]);
  }
  return result;
}

std::vector<HalfSlice> random_slices(std::int64_t classes, std::int64_t ny, std::int64_t nx,
                                     std::int64_t nz) {
  std::mt19937 random(1);
  std::normal_distribution<float> any(0, 4);
  std::vector<HalfSlice> slices;
  for (std::int64_t z = 0; z < nz; ++z) {
    slices.emplace_back(classes, ny, nx);
    for (std::uint16_t& half : slices.back().values) half = base::float_to_half(any(random));
  }
  return slices;
}

TEST_CASE("probabilities: a softmax of every pixel, and the class of the highest", "[decode]") {
  const std::vector<HalfSlice> slices = random_slices(7, 3, 5, 2);
  for (const int threads : {1, 2}) {
    const Result result = run(slices, {7, {5, 3, 2}, {}, {}, threads});
    REQUIRE(result.planes.size() == 2);
    for (std::size_t z = 0; z < 2; ++z) {
      for (std::size_t p = 0; p < 15; ++p) {
        double sum = 0;
        std::size_t best = 0;
        for (std::size_t c = 0; c < 7; ++c) {
          sum += std::exp(static_cast<double>(base::half_to_float(slices[z].values[c * 15 + p])));
          if (base::half_to_float(slices[z].values[c * 15 + p]) >
              base::half_to_float(slices[z].values[best * 15 + p])) {
            best = c;
          }
        }
        for (std::size_t c = 0; c < 7; ++c) {
          const double score = static_cast<double>(base::half_to_float(slices[z].values[c * 15 + p]));
          CHECK(std::fabs(result.probabilities[z][c * 15 + p] - std::exp(score) / sum) < 1e-6);
        }
        CHECK(result.planes[z][p] == best);
      }
    }
  }
}

TEST_CASE("probabilities: large scores stay finite", "[decode]") {
  HalfSlice scores(2, 1, 1);
  scores.values = {0x7bff, 0xfbff};  // 65504 and -65504
  const Result result = run({scores}, {2, {1, 1, 1}, {}, {}, 1});
  CHECK(result.probabilities[0] == std::vector<float>{1, 0});
}

TEST_CASE("probabilities: of regions, and on another grid", "[decode]") {
  const std::vector<HalfSlice> slices = random_slices(2, 3, 4, 2);
  HalfDecoding decoding{2, {4, 3, 2}, {}, {5, 9}, 1};
  decoding.back = image::HalfPixelBack{{4, 3, 2}, {7, 5, 3}, -1, 1, 0};
  const Result result = run(slices, decoding);
  REQUIRE(result.planes.size() == 3);
  REQUIRE(result.planes[0].size() == 35);
  const auto classes = [&] {
    std::vector<std::vector<std::uint16_t>> planes;
    const auto maker = make_half_classes(
        decoding, [&](std::int64_t, const std::vector<std::uint16_t>& plane) { planes.push_back(plane); });
    for (std::size_t z = 0; z < slices.size(); ++z) maker->take(static_cast<std::int64_t>(z), slices[z]);
    return planes;
  }();
  CHECK(result.planes == classes);
  for (std::size_t z = 0; z < 3; ++z) {
    for (std::size_t p = 0; p < 35; ++p) {
      const bool first = result.probabilities[z][p] > 0.5F;
      const bool second = result.probabilities[z][35 + p] > 0.5F;
      CHECK(result.planes[z][p] == (second ? 9 : first ? 5 : 0));
    }
  }
}

}  // namespace
}  // namespace musclemap::decode
