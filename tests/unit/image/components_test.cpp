#include "image/labels/components.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <tuple>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::image {
namespace {

struct Map {
  Index3 shape;
  std::vector<std::int16_t> voxels;
  VoxelView<std::int16_t> view() { return {voxels.data(), shape, {1, shape[0], shape[0] * shape[1]}}; }
};

Map empty(std::int64_t i, std::int64_t j, std::int64_t k) {
  return {{i, j, k}, std::vector<std::int16_t>(static_cast<std::size_t>(i * j * k), 0)};
}

// Flood fill of every part, as plainly as it can be said.
std::vector<std::int16_t> by_flood_fill(Map map) {
  const VoxelView<std::int16_t> in = map.view();
  std::map<std::int16_t, std::vector<Index3>> largest;
  std::vector<bool> seen(map.voxels.size(), false);
  const auto index = [&](const Index3& at) {
    return static_cast<std::size_t>(at[0] + map.shape[0] * (at[1] + map.shape[1] * at[2]));
  };
  for (std::int64_t i = 0; i < map.shape[0]; ++i) {
    for (std::int64_t j = 0; j < map.shape[1]; ++j) {
      for (std::int64_t k = 0; k < map.shape[2]; ++k) {
        const std::int16_t label = in(i, j, k);
        if (label == 0 || seen[index({i, j, k})]) continue;
        std::vector<Index3> part{{i, j, k}};
        seen[index(part[0])] = true;
        for (std::size_t next = 0; next < part.size(); ++next) {
          for (std::size_t axis = 0; axis < 3; ++axis) {
            for (const std::int64_t step : {-1, 1}) {
              Index3 at = part[next];
              at[axis] += step;
              if (at[axis] < 0 || at[axis] >= map.shape[axis]) continue;
              if (seen[index(at)] || in(at[0], at[1], at[2]) != label) continue;
              seen[index(at)] = true;
              part.push_back(at);
            }
          }
        }
        // First met wins on equal size: this scan has the first axis slowest and the third fastest.
        if (part.size() > largest[label].size()) largest[label] = part;
      }
    }
  }
  std::vector<std::int16_t> kept(map.voxels.size(), 0);
  for (const auto& [label, part] : largest) {
    for (const Index3& at : part) kept[index(at)] = label;
  }
  return kept;
}

TEST_CASE("components: of equal parts the first in scan order stays", "[image]") {
  Map map = empty(3, 3, 3);
  map.view()(0, 0, 0) = 5;
  map.view()(0, 0, 2) = 5;
  map.view()(2, 2, 2) = 5;
  CHECK(keep_largest_components(map.view()) == 2);
  CHECK(map.view()(0, 0, 0) == 5);
  CHECK(map.view()(0, 0, 2) == 0);
}

TEST_CASE("components: labels of either sign have a largest part each", "[image]") {
  Map map = empty(100, 2, 1);
  for (std::int64_t i = 0; i < 40; ++i) {
    map.view()(i, 0, 0) = -1;
    map.view()(i, 1, 0) = -32768;
    map.view()(99 - i, 0, 0) = 32767;
  }
  map.view()(50, 0, 0) = -1;
  map.view()(50, 1, 0) = -32768;
  map.view()(53, 1, 0) = 32767;
  const std::vector<std::int16_t> expected = by_flood_fill(map);
  CHECK(keep_largest_components(map.view()) == 3);
  CHECK(map.voxels == expected);
}

TEST_CASE("components: random maps agree with a flood fill", "[image][property]") {
  std::mt19937 engine(7);
  const auto random = [&] { return static_cast<unsigned>(engine()); };
  for (int round = 0; round < 300; ++round) {
    const auto size = [&] { return static_cast<std::int64_t>(1 + random() % 9); };
    Map map = empty(size(), size(), size());
    const unsigned labels = 1 + random() % 4;
    for (std::int16_t& voxel : map.voxels) {
      const unsigned value = random() % (labels + 2);
      voxel = static_cast<std::int16_t>(value > labels ? 0 : value);
    }
    const std::vector<std::int16_t> expected = by_flood_fill(map);
    keep_largest_components(map.view());
    REQUIRE(map.voxels == expected);
  }
}

// Runs long enough for the parts of all of them to be remembered.
TEST_CASE("components: maps of long runs agree with a flood fill", "[image][property]") {
  std::mt19937 random(11);
  for (int round = 0; round < 12; ++round) {
    const std::int64_t length = 100 + std::int64_t(random() % 60);
    Map map = empty(length, 1 + std::int64_t(random() % 9), 1 + std::int64_t(random() % 9));
    std::size_t at = 0;
    while (at < map.voxels.size()) {
      const auto label = static_cast<std::int16_t>(random() % 4);
      for (std::size_t n = 10 + random() % 80; n > 0 && at < map.voxels.size(); --n) map.voxels[at++] = label;
    }
    const std::vector<std::int16_t> expected = by_flood_fill(map);
    std::vector<std::uint8_t> bytes(map.voxels.begin(), map.voxels.end());
    std::vector<std::int16_t> apart(2 * map.voxels.size(), 9);
    for (std::size_t n = 0; n < map.voxels.size(); ++n) apart[2 * n] = map.voxels[n];
    const Index3& n = map.shape;
    const std::int64_t cleared = keep_largest_components(map.view());
    REQUIRE(map.voxels == expected);
    REQUIRE(keep_largest_components(VoxelView<std::uint8_t>{bytes.data(), n, {1, n[0], n[0] * n[1]}}) ==
            cleared);
    REQUIRE(std::equal(bytes.begin(), bytes.end(), expected.begin()));
    const Index3 strides{2, 2 * n[0], 2 * n[0] * n[1]};
    REQUIRE(keep_largest_components(VoxelView<std::int16_t>{apart.data(), n, strides}) == cleared);
    for (std::size_t v = 0; v < expected.size(); ++v) REQUIRE(apart[2 * v] == expected[v]);
  }
}

}  // namespace
}  // namespace musclemap::image
