#include "image/labels/separate_vertebrae.hpp"

#include <set>

#include "base/sha256.hpp"
#include "image/labels/dilate_labels.hpp"
#include "support/catch.hpp"
#include "support/original_vectors.hpp"
#include "support/small_maps.hpp"

namespace musclemap::image {
namespace {

using Map = test::SmallMap<std::uint8_t>;

// Bodies of 5 x 5 x 3 voxels along the third axis, from below, with a gap between them.
Map column(const std::vector<std::uint8_t>& labels) {
  Map map({7, 7, static_cast<std::int64_t>(labels.size()) * 5});
  for (std::size_t n = 0; n < labels.size(); ++n) {
    const auto k = static_cast<std::int64_t>(n) * 5;
    map.box({1, 1, k}, {6, 6, k + 3}, labels[n]);
  }
  return map;
}

std::vector<int> labels_from_below(Map& map) {
  std::vector<int> labels;
  for (std::int64_t k = 0; k < map.shape[2]; k += 5) labels.push_back(map.at({3, 3, k}));
  return labels;
}

TEST_CASE("separate vertebrae: TotalSegmentator's vector", "[image]") {
  const auto vector = test::original_vectors("vertebrae_pp");
  if (!vector) return;
  Map map(vector->at("shape").get<Index3>());
  for (const nlohmann::json& box : vector->at("boxes_xyz_half_open_label")) {
    const auto b = box.get<std::vector<std::int64_t>>();
    map.box({b[0], b[2], b[4]}, {b[1], b[3], b[5]}, static_cast<std::uint8_t>(b[6]));
  }
  CHECK(separate_vertebrae(map.view(), {1, 24}, 1, 100));
  dilate_labels(map.view(), ellipsoid({1, 1, 1}, 3));
  const std::string bytes(map.voxels.begin(), map.voxels.end());
  CHECK(base::sha256_hex(bytes) == vector->at("out").at("sha256").get<std::string>());
}

TEST_CASE("separate vertebrae: nothing changes where no two labels share a face", "[image]") {
  Map map = column({24, 9, 22});
  map.at({0, 0, 3}) = 5;  // at a corner of the first
  const std::vector<std::uint8_t> before = map.voxels;
  CHECK_FALSE(separate_vertebrae(map.view(), {1, 24}, 1, 10));
  CHECK(map.voxels == before);
}

TEST_CASE("separate vertebrae: counted from the bottom, or from the top without L5 and with C1", "[image]") {
  const auto mixed = [](std::vector<std::uint8_t> labels, std::uint8_t stray) {
    Map map = column(labels);
    map.at({3, 3, 1}) = stray;
    CHECK(separate_vertebrae(map.view(), {1, 24}, 1, 10));
    return labels_from_below(map);
  };
  CHECK(mixed({24, 20, 20}, 23) == std::vector<int>{24, 23, 22});
  CHECK(mixed({9, 9, 1}, 20) == std::vector<int>{3, 2, 1});
  CHECK(mixed({24, 9, 1}, 20) == std::vector<int>{24, 23, 22});  // L5 is there
  CHECK(mixed({20, 9, 12}, 13) == std::vector<int>{20, 19, 18});
  CHECK(mixed({2, 2, 2}, 3) == std::vector<int>{3, 2, 1});
  CHECK(mixed({2, 2, 2, 2}, 3) == std::vector<int>{3, 2, 1, 0});  // there are no more labels
}

TEST_CASE("separate vertebrae: what is small goes and its labels do not count", "[image]") {
  Map map = column({10, 9});
  map.at({3, 3, 1}) = 11;
  map.at({0, 0, 4}) = 24;
  CHECK(separate_vertebrae(map.view(), {1, 24}, 2.5, 2.6));
  CHECK(labels_from_below(map) == std::vector<int>{11, 10});
  CHECK(map.at({0, 0, 4}) == 0);
  Map specks({4, 1, 1}, {3, 4, 0, 5});
  CHECK(separate_vertebrae(specks.view(), {1, 24}, 1, 100));
  CHECK(std::set<int>(specks.voxels.begin(), specks.voxels.end()) == std::set<int>{0});
}

TEST_CASE("separate vertebrae: of components at equal height the first in scan order comes first",
          "[image]") {
  Map map({9, 3, 1});
  map.box({0, 0, 0}, {2, 1, 1}, 12);
  map.box({4, 0, 0}, {6, 1, 1}, 20);
  map.at({0, 0, 0}) = 13;
  CHECK(separate_vertebrae(map.view(), {1, 24}, 1, 2));
  CHECK(map.at({0, 0, 0}) == 20);
  CHECK(map.at({4, 0, 0}) == 19);
}

}  // namespace
}  // namespace musclemap::image
