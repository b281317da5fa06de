#include "image/labels/cross_steps.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "support/original_vectors.hpp"
#include "support/small_maps.hpp"

namespace musclemap::image {
namespace {

using Mask = test::SmallMap<std::uint8_t>;

// One step of the cross; voxels outside count as `outside`.
Mask stepped(const Mask& from, bool dilate) {
  Mask before = from;
  Mask result = from;
  result.for_each([&](const Index3& at, std::uint8_t& voxel) {
    bool any = before.at(at) != 0;
    bool all = any;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      for (const std::int64_t step : {-1, 1}) {
        Index3 next = at;
        next[axis] += step;
        const bool set = test::is_inside(from.shape, next) && before.at(next) != 0;
        any = any || set;
        all = all && set;
      }
    }
    voxel = (dilate ? any : all) ? 1 : 0;
  });
  return result;
}

TEST_CASE("cross steps: TotalSegmentator's vectors", "[image]") {
  const auto vectors = test::original_vectors("remove_outside");
  if (!vectors) return;
  for (const nlohmann::json& each : *vectors) {
    if (each.at("iterations") == 0) continue;  // a rule of its own: image/polish/keep_within.hpp
    Mask mask({9, 9, 9});
    mask.at({4, 4, 4}) = 1;
    dilate_by_steps(mask.view(), each.at("iterations").get<std::int64_t>());
    CHECK(std::count(mask.voxels.begin(), mask.voxels.end(), 1) == each.at("kept").get<std::int64_t>());
  }
}

TEST_CASE("cross steps: many steps are one step many times, on random masks", "[image]") {
  std::mt19937 random(5);
  for (int trial = 0; trial < 200; ++trial) {
    const unsigned tenths = trial % 2 == 0 ? 1 : 9;
    const Mask mask = test::random_map<std::uint8_t>(random, test::random_shape(random, 10), tenths, 3);
    const auto steps = static_cast<std::int64_t>(1 + random() % 5);
    for (const bool dilate : {true, false}) {
      Mask expected = mask;
      for (std::int64_t n = 0; n < steps; ++n) expected = stepped(expected, dilate);
      Mask result = mask;
      dilate ? dilate_by_steps(result.view(), steps) : erode_by_steps(result.view(), steps);
      REQUIRE(result.voxels == expected.voxels);
    }
  }
}

TEST_CASE("cross steps: more steps than a byte counts", "[image]") {
  Mask line({1000, 1, 1});
  line.at({0, 0, 0}) = 1;
  dilate_by_steps(line.view(), 600);
  CHECK(std::count(line.voxels.begin(), line.voxels.end(), 1) == 601);
  Mask slab({1, 1, 1000});
  dilate_by_steps(slab.view(), 600);
  CHECK(std::count(slab.voxels.begin(), slab.voxels.end(), 0) == 1000);
  std::fill(line.voxels.begin(), line.voxels.end(), std::uint8_t{1});
  erode_by_steps(line.view(), 1);
  CHECK(std::count(line.voxels.begin(), line.voxels.end(), 1) == 0);  // outside is 0 along every axis
  Mask cube({601, 601, 3});
  std::fill(cube.voxels.begin(), cube.voxels.end(), std::uint8_t{1});
  dilate_by_steps(cube.view(), 0);
  CHECK(std::count(cube.voxels.begin(), cube.voxels.end(), 1) == 601 * 601 * 3);
}

}  // namespace
}  // namespace musclemap::image
