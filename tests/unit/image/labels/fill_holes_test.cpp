#include "image/labels/fill_holes.hpp"

#include <cstdint>
#include <random>
#include <vector>

#include "support/catch.hpp"
#include "support/small_maps.hpp"

namespace musclemap::image {
namespace {

using test::place;
using Mask = test::SmallMap<std::uint8_t>;

// Every component of the background that has no voxel at the border, as plainly as it can be said.
std::vector<std::uint8_t> filled_plainly(const Mask& mask) {
  const Index3& n = mask.shape;
  std::vector<std::uint8_t> result = mask.voxels;
  std::vector<bool> outside(result.size());
  std::vector<Index3> open;
  for (std::int64_t k = 0; k < n[2]; ++k) {
    for (std::int64_t j = 0; j < n[1]; ++j) {
      for (std::int64_t i = 0; i < n[0]; ++i) {
        const bool border = i == 0 || j == 0 || k == 0 || i == n[0] - 1 || j == n[1] - 1 || k == n[2] - 1;
        if (border && result[place(n, {i, j, k})] == 0) open.push_back({i, j, k});
      }
    }
  }
  while (!open.empty()) {
    const Index3 at = open.back();
    open.pop_back();
    if (outside[place(n, at)]) continue;
    outside[place(n, at)] = true;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      for (const std::int64_t step : {-1, 1}) {
        Index3 next = at;
        next[axis] += step;
        if (next[axis] >= 0 && next[axis] < n[axis] && result[place(n, next)] == 0) open.push_back(next);
      }
    }
  }
  for (std::size_t v = 0; v < result.size(); ++v) {
    if (result[v] == 0 && !outside[v]) result[v] = 1;
  }
  return result;
}

TEST_CASE("fill holes: an enclosed cavity is filled, one open to a face is not", "[image]") {
  Mask mask({9, 9, 9});
  mask.box({1, 1, 1}, {8, 8, 8}, 1);
  mask.box({3, 3, 3}, {5, 5, 5}, 0);
  Mask open = mask;
  open.box({3, 3, 0}, {4, 4, 3}, 0);
  CHECK(fill_holes(mask.view()) == 8);
  CHECK(mask.at({4, 4, 4}) == 1);
  CHECK(mask.at({0, 0, 0}) == 0);
  const std::vector<std::uint8_t> before = open.voxels;
  CHECK(fill_holes(open.view()) == 0);
  CHECK(open.voxels == before);
}

TEST_CASE("fill holes: an edge or a corner is no way out", "[image]") {
  Mask mask({3, 3, 3});
  mask.box({0, 0, 0}, {3, 3, 3}, 1);
  mask.at({1, 1, 1}) = 0;
  mask.at({0, 0, 1}) = 0;
  mask.at({0, 0, 0}) = 0;
  CHECK(fill_holes(mask.view()) == 1);
  CHECK(mask.at({1, 1, 1}) == 1);
  CHECK(mask.at({0, 0, 1}) == 0);
}

TEST_CASE("fill holes: random masks of every shape are those of a flood from the border", "[image]") {
  std::mt19937 random(7);
  for (int trial = 0; trial < 300; ++trial) {
    Index3 n = test::random_shape(random, 9);
    if (trial % 3 == 0) n[0] += 120;
    Mask mask = test::random_map<std::uint8_t>(random, n, 1 + static_cast<unsigned>(random() % 9), 3);
    const std::vector<std::uint8_t> expected = filled_plainly(mask);
    fill_holes(mask.view());
    REQUIRE(mask.voxels == expected);
  }
}

}  // namespace
}  // namespace musclemap::image
