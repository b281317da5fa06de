#include "decode/half_classes.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "base/half.hpp"
#include "decode/half_resampler.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap::decode {
namespace {

using base::double_to_half;
using base::float_to_half;
using base::half_to_float;
using image::HalfPixelBack;
using image::HalfSlice;

using Volume = std::vector<HalfSlice>;  // by z

// Few values, so that ties are common; now and then one that is no number, infinite or -0.
Volume random_scores(std::int64_t classes, const Index3& shape, std::mt19937& random, bool coarse) {
  std::normal_distribution<float> any(0, 3);
  Volume volume;
  for (std::int64_t z = 0; z < shape[2]; ++z) {
    volume.emplace_back(classes, shape[1], shape[0]);
    for (std::uint16_t& half : volume.back().values) {
      half = float_to_half(coarse ? static_cast<float>(static_cast<int>(random() % 3) - 1) : any(random));
      if (coarse && random() % 50 == 0) half = 0x8000;
    }
  }
  return volume;
}

double linear_at(double at, std::int64_t size, std::int64_t* lower) {
  const double held = std::min(std::max(at, 0.0), static_cast<double>(size - 1));
  *lower = static_cast<std::int64_t>(std::floor(held));
  return held - std::floor(held);
}

// Of one class at one voxel, the rule as it is written.
std::uint16_t plain_value(const Volume& volume, const HalfPixelBack& back, std::int64_t c, const Index3& at) {
  Index3 lower{};
  double upper_part[3];
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double ratio = static_cast<double>(back.from[axis]) / static_cast<double>(back.to[axis]);
    const double place = (static_cast<double>(at[axis]) + 0.5) * ratio - 0.5;
    upper_part[axis] = linear_at(place, back.from[axis], &lower[axis]);
    if (static_cast<int>(axis) == back.separate_axis || back.order == 0) {
      const auto nearest = static_cast<std::int64_t>(std::floor(place + 0.5));
      lower[axis] = std::min(std::max<std::int64_t>(nearest, 0), back.from[axis] - 1);
      upper_part[axis] = 0;
    }
  }
  double sum = 0;
  for (std::int64_t dz = 0; dz < 2; ++dz) {
    for (std::int64_t dy = 0; dy < 2; ++dy) {
      for (std::int64_t dx = 0; dx < 2; ++dx) {
        const auto weight = [&](std::size_t axis, std::int64_t d) {
          const double w0 = 1 - upper_part[axis];
          return d == 0 ? w0 : 1 - w0;
        };
        const auto index = [&](std::size_t axis, std::int64_t d) {
          return std::min(lower[axis] + d, back.from[axis] - 1);
        };
        const HalfSlice& slice = volume[static_cast<std::size_t>(index(2, dz))];
        const double value = static_cast<double>(half_to_float(slice.row(c, index(1, dy))[index(0, dx)]));
        sum += ((value * weight(2, dz)) * weight(1, dy)) * weight(0, dx);
      }
    }
  }
  return double_to_half(sum);
}

std::vector<std::uint16_t> streamed_classes(const Volume& volume, const HalfDecoding& decoding) {
  std::vector<std::uint16_t> all;
  std::int64_t next = 0;
  const auto classes =
      make_half_classes(decoding, [&](std::int64_t z, const std::vector<std::uint16_t>& plane) {
        REQUIRE(z == next++);
        all.insert(all.end(), plane.begin(), plane.end());
      });
  for (std::size_t z = 0; z < volume.size(); ++z) classes->take(static_cast<std::int64_t>(z), volume[z]);
  CHECK(next == (decoding.back ? decoding.back->to[2] : decoding.shape[2]));
  return all;
}

std::vector<std::uint16_t> plain_classes(const Volume& volume, const HalfPixelBack& back) {
  std::vector<std::uint16_t> all;
  for (std::int64_t k = 0; k < back.to[2]; ++k) {
    for (std::int64_t j = 0; j < back.to[1]; ++j) {
      for (std::int64_t i = 0; i < back.to[0]; ++i) {
        std::int64_t best = 0;
        float top = -std::numeric_limits<float>::infinity();
        for (std::int64_t c = 0; c < volume[0].classes; ++c) {
          const float value = half_to_float(plain_value(volume, back, c, {i, j, k}));
          if (!(value > top)) continue;
          top = value;
          best = c;
        }
        all.push_back(static_cast<std::uint16_t>(best));
      }
    }
  }
  return all;
}

void check(std::int64_t classes, const HalfPixelBack& back, unsigned seed) {
  std::mt19937 random(seed);
  for (const bool coarse : {false, true}) {
    const Volume volume = random_scores(classes, back.from, random, coarse);
    const std::vector<std::uint16_t> expected = plain_classes(volume, back);
    for (const int threads : {1, 2}) {
      CHECK(streamed_classes(volume, {classes, back.from, back, {}, threads}) == expected);
    }
  }
}

TEST_CASE("classes of halves: on their own grid the first of the highest", "[decode]") {
  for (const std::int64_t classes : {1, 2, 17, 118}) {
    for (const std::int64_t nx : {1, 7, 16, 33}) {
      const Index3 shape{nx, 3, 2};
      HalfPixelBack same;
      same.from = same.to = shape;
      check(classes, same, static_cast<unsigned>(classes * 100 + nx));
    }
  }
}

TEST_CASE("classes of halves: what is no number never wins", "[decode]") {
  HalfSlice scores(3, 1, 4);
  const std::uint16_t none = 0x7e00;
  const std::uint16_t lowest = 0xfc00;
  const std::vector<std::uint16_t> rows[3] = {
      {none, none, lowest, 0xbc00}, {0x3c00, none, none, none}, {0x3c00, none, lowest, 0x0000}};
  for (std::int64_t c = 0; c < 3; ++c) {
    std::copy(rows[c].begin(), rows[c].end(), scores.row(c, 0));
  }
  CHECK(streamed_classes({scores}, {3, {4, 1, 1}, {}, {}, 1}) == std::vector<std::uint16_t>{1, 0, 0, 2});
}

TEST_CASE("classes of halves: linear to another grid, rounded to half, the first of the highest",
          "[decode]") {
  check(5, {{6, 5, 4}, {13, 11, 9}, -1, 1, 0}, 1);
  check(20, {{17, 5, 4}, {40, 3, 7}, -1, 1, 0}, 2);
  check(3, {{9, 8, 7}, {4, 3, 2}, -1, 1, 0}, 3);
  check(118, {{5, 4, 3}, {12, 12, 9}, -1, 1, 0}, 4);
  check(2, {{1, 1, 1}, {3, 4, 5}, -1, 1, 0}, 5);
  check(4, {{6, 5, 4}, {9, 9, 9}, -1, 0, 0}, 6);
  check(3, {{6, 5, 4}, {6, 5, 9}, -1, 1, 0}, 7);
}

TEST_CASE("classes of halves: a separate axis takes the nearest slice", "[decode]") {
  for (const int axis : {0, 1, 2}) {
    check(5, {{6, 5, 4}, {13, 11, 9}, axis, 1, 0}, 10 + static_cast<unsigned>(axis));
    check(5, {{6, 7, 8}, {9, 7, 5}, axis, 1, 0}, 20 + static_cast<unsigned>(axis));
  }
}

TEST_CASE("classes of halves: random grids", "[decode]") {
  std::mt19937 random(30);
  const auto up_to = [&](std::int64_t most) { return 1 + static_cast<std::int64_t>(random() % most); };
  for (unsigned round = 0; round < 20; ++round) {
    const HalfPixelBack back{{up_to(12), up_to(12), up_to(9)},
                             {up_to(25), up_to(20), up_to(15)},
                             static_cast<int>(random() % 4) - 1,
                             1,
                             0};
    check(up_to(40), back, 31 + round);
  }
}

TEST_CASE("classes of halves: regions are painted in their order where the score is above 0", "[decode]") {
  HalfSlice scores(2, 1, 4);
  const std::vector<std::uint16_t> rows[2] = {{0x3c00, 0x3c00, 0xbc00, 0x0000},
                                              {0xbc00, 0x3800, 0x3800, 0x8000}};
  for (std::int64_t c = 0; c < 2; ++c) std::copy(rows[c].begin(), rows[c].end(), scores.row(c, 0));
  CHECK(streamed_classes({scores}, {2, {4, 1, 1}, {}, {7, 3}, 1}) == std::vector<std::uint16_t>{7, 3, 3, 0});
}

TEST_CASE("classes of halves: orders that are not known are refused", "[decode]") {
  const auto error = [](int axis, int order, int along) {
    return test::error_of([&] {
      const HalfPixelBack back{{4, 4, 4}, {5, 5, 5}, axis, order, along};
      make_half_classes({2, {4, 4, 4}, back, {}, 1}, {});
    });
  };
  CHECK(test::contains(error(-1, 3, 0), "unsupported/"));
  CHECK(test::contains(error(2, 1, 1), "unsupported/"));
  CHECK(error(-1, 1, 1) == "no error");
}

}  // namespace
}  // namespace musclemap::decode
