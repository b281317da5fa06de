#include "image/labels/dilate_labels.hpp"

#include <set>

#include "support/catch.hpp"
#include "support/original_vectors.hpp"
#include "support/small_maps.hpp"

namespace musclemap::image {
namespace {

using Map = test::SmallMap<std::uint8_t>;

std::set<Index3> offsets_of(const std::vector<ElementRow>& element) {
  std::set<Index3> offsets;
  for (const ElementRow& row : element) {
    for (std::int64_t di = row.di_begin; di < row.di_end; ++di) offsets.insert({di, row.dj, row.dk});
  }
  return offsets;
}

TEST_CASE("ellipsoid: elements and dilations of TotalSegmentator's vectors", "[image]") {
  const auto vectors = test::original_vectors("ellipsoid_dilation");
  if (!vectors) return;
  for (const nlohmann::json& each : *vectors) {
    const auto zooms = each.at("spacing").get<Zooms>();
    const std::vector<ElementRow> element = ellipsoid(zooms, each.at("radius_mm").get<double>());
    const auto shape = each.at("kernel_shape").get<Index3>();
    const auto set = each.at("kernel_c_order").get<std::vector<int>>();
    std::set<Index3> expected;
    for (std::size_t n = 0; n < set.size(); ++n) {
      const auto at = static_cast<std::int64_t>(n);
      if (set[n] == 0) continue;
      expected.insert({at / (shape[1] * shape[2]) - shape[0] / 2, at / shape[2] % shape[1] - shape[1] / 2,
                       at % shape[2] - shape[2] / 2});
    }
    CHECK(offsets_of(element) == expected);
    Map map({9, 9, 9});
    map.at({4, 4, 4}) = 1;
    map.at({4, 4, 6}) = 2;
    dilate_labels(map.view(), element);
    CHECK(map.voxels == each.at("out").get<std::vector<std::uint8_t>>());
  }
}

TEST_CASE("ellipsoid: lopsided where the radius is not a whole number of voxels", "[image]") {
  // rho = 2.5: six elements at -2.5 to 2.5, moved by -3.
  const std::set<Index3> offsets = offsets_of(ellipsoid({1, 100, 100}, 2.5));
  CHECK(offsets.count({-3, 0, 0}) == 0);
  CHECK(offsets_of(ellipsoid({1, 1, 1}, 0)) == std::set<Index3>{{0, 0, 0}});
  // In single precision 2 / 0.4 is 5 and both ends belong to it; in double it is less.
  const std::set<Index3> even = offsets_of(ellipsoid({0.4F, 0.4F, 0.4F}, 2));
  CHECK(even.count({-5, 0, 0}) == 1);
  CHECK(even.count({5, 0, 0}) == 1);
}

TEST_CASE("dilate labels: lower labels first, into background alone, as said voxel by voxel", "[image]") {
  std::mt19937 random(11);
  for (int trial = 0; trial < 100; ++trial) {
    const Map map = test::random_map<std::uint8_t>(random, test::random_shape(random, 9), 1, 4);
    const auto zoom = [&] { return 0.5F + static_cast<float>(random() % 100) / 50; };
    const std::vector<ElementRow> element = ellipsoid({zoom(), zoom(), zoom()}, 2);
    Map expected = map;
    for (std::uint8_t label = 1; label <= 4; ++label) {
      Map before = map;
      before.for_each([&](const Index3& at, std::uint8_t& voxel) {
        if (voxel != label) return;
        for (const Index3& offset : offsets_of(element)) {
          const Index3 to{at[0] + offset[0], at[1] + offset[1], at[2] + offset[2]};
          if (test::is_inside(map.shape, to) && expected.at(to) == 0) expected.at(to) = label;
        }
      });
    }
    Map grown = map;
    dilate_labels(grown.view(), element);
    REQUIRE(grown.voxels == expected.voxels);
  }
}

}  // namespace
}  // namespace musclemap::image
