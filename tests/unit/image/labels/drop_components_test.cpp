#include "image/labels/drop_components.hpp"

#include <map>

#include "support/catch.hpp"
#include "support/flood_fill.hpp"
#include "support/original_vectors.hpp"
#include "support/small_maps.hpp"

namespace musclemap::image {
namespace {

using test::SmallMap;
using Map = SmallMap<std::uint8_t>;

std::vector<test::FilledPart> parts_of(const Map& map) {
  return test::flood_fill(map.shape, {map.voxels.begin(), map.voxels.end()});
}

TEST_CASE("drop components: TotalSegmentator's vectors", "[image]") {
  const auto vectors = test::original_vectors("blobs");
  if (!vectors) return;
  const auto shape = vectors->at("shape").get<Index3>();
  const Map map(shape, vectors->at("data").get<std::vector<std::uint8_t>>());
  Map kept = map;
  keep_largest_component_of(kept.view(), 1);
  CHECK(kept.voxels == vectors->at("keep_largest_of_1").get<std::vector<std::uint8_t>>());
  for (const auto& [key, most] : {std::pair{"remove_small_le_18", 18.0}, {"remove_small_le_17.9", 17.9}}) {
    Map rest = map;
    drop_components<std::uint8_t>(rest.view(), [most = most](const LabelPart& part) {
      return static_cast<double>(part.voxels) <= most;
    });
    CHECK(rest.voxels == vectors->at(key).get<std::vector<std::uint8_t>>());
  }
}

TEST_CASE("drop components: of equal components the first in scan order stays, other labels are left",
          "[image]") {
  Map map({4, 4, 4});
  map.box({3, 0, 0}, {4, 2, 1}, 7);  // comes first along the third axis, but the first axis is slowest
  map.box({0, 0, 2}, {1, 2, 3}, 7);
  map.box({1, 3, 0}, {2, 4, 4}, 5);
  map.at({3, 3, 3}) = 5;
  CHECK(keep_largest_component_of(map.view(), 7) == 2);
  CHECK(map.at({0, 0, 2}) == 7);
  CHECK(map.at({3, 0, 0}) == 0);
  CHECK(map.at({3, 3, 3}) == 5);
}

TEST_CASE("drop components: random maps are those of a flood fill", "[image]") {
  std::mt19937 random(3);
  for (int trial = 0; trial < 200; ++trial) {
    const Map map = test::random_map<std::uint8_t>(random, test::random_shape(random, 9), 7, 3);
    std::map<std::int32_t, std::int64_t> first_of_largest;
    std::map<std::int32_t, std::int64_t> most;
    std::int64_t small = 0;
    for (const test::FilledPart& part : parts_of(map)) {
      if (part.voxels <= 3) small += part.voxels;
      if (part.voxels > most[part.label]) first_of_largest[part.label] = part.first;
      most[part.label] = std::max(most[part.label], part.voxels);
    }
    Map rest = map;
    const auto dropped = [](const LabelPart& part) { return part.voxels <= 3; };
    CHECK(drop_components<std::uint8_t>(rest.view(), dropped) == small);
    for (const test::FilledPart& part : parts_of(rest)) REQUIRE(part.voxels > 3);
    for (std::size_t v = 0; v < map.voxels.size(); ++v)
      REQUIRE((rest.voxels[v] == 0 || rest.voxels[v] == map.voxels[v]));
    Map kept = map;
    keep_largest_component_of(kept.view(), 2);
    int found = 0;
    for (const test::FilledPart& part : parts_of(kept)) {
      if (part.label != 2) continue;
      ++found;
      REQUIRE(part.first == first_of_largest[2]);
      REQUIRE(part.voxels == most[2]);
    }
    REQUIRE(found == (most[2] > 0 ? 1 : 0));
  }
}

}  // namespace
}  // namespace musclemap::image
