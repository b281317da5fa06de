#include "task/cells/sam_tiles.hpp"

#include <cstdint>
#include <vector>

#include "musclemap/error.hpp"
#include "support/catch.hpp"

namespace musclemap::task {
namespace {

TEST_CASE("sam tiles: inner parts cover every pixel once, halos are clipped", "[task]") {
  for (const SamTiling& tiling : {SamTiling{}, SamTiling{{40, 30}, {8, 5}}, SamTiling{{1, 200}, {0, 3}},
                                  SamTiling{{100, 70}, {9, 9}}}) {
    const image::PlaneShape picture{100, 70};
    std::vector<int> seen(100 * 70);
    for (const SamTile& tile : sam_tiles(picture, tiling)) {
      for (std::size_t axis = 0; axis < 2; ++axis) {
        CHECK(tile.outer.begin[axis] ==
              std::max<std::int64_t>(0, tile.inner.begin[axis] - tiling.halo[axis]));
        CHECK(tile.outer.end[axis] == std::min(picture[axis], tile.inner.end[axis] + tiling.halo[axis]));
      }
      for (std::int64_t y = tile.inner.begin[0]; y < tile.inner.end[0]; ++y) {
        for (std::int64_t x = tile.inner.begin[1]; x < tile.inner.end[1]; ++x)
          ++seen[static_cast<std::size_t>(y * 70 + x)];
      }
    }
    CHECK(seen == std::vector<int>(seen.size(), 1));
  }
  CHECK(sam_tiles({100, 70}, {}).size() == 1);
  CHECK(sam_tiles({100, 70}, {{40, 30}, {8, 5}}).size() == 9);
}

TEST_CASE("sam tiles: sides that make no tile are refused", "[task]") {
  CHECK_THROWS_AS(sam_tiles({10, 10}, {{5, 0}, {}}), Error);
  CHECK_THROWS_AS(sam_tiles({10, 10}, {{-5, 5}, {}}), Error);
  CHECK_THROWS_AS(sam_tiles({10, 10}, {{5, 5}, {0, -1}}), Error);
}

}  // namespace
}  // namespace musclemap::task
