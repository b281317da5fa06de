#include "image/labels/skin.hpp"

#include <cmath>

#include "image/volume_reader.hpp"
#include "support/catch.hpp"
#include "support/small_maps.hpp"

namespace musclemap::image {
namespace {

using Map = test::SmallMap<std::uint8_t>;

// A body of 12 x 12 x 12 in a volume of 20, the image of one value.
Map skin_with(const std::vector<double>& image) {
  Map body({20, 20, 20});
  body.box({4, 4, 4}, {16, 16, 16}, 1);
  const Geometry geometry = test::grid(body.shape);
  VolumeReader reader(test::volume_of(geometry, image));
  const Volume skin = skin_of(test::volume_of(geometry, body.voxels), reader);
  return {body.shape, test::voxels_of<std::uint8_t>(skin)};
}

TEST_CASE("skin: a step outwards and two inwards, between -200 and 250 HU", "[image]") {
  Map skin = skin_with(std::vector<double>(8000, 30));
  CHECK(skin.at({2, 10, 10}) == 0);
  CHECK(skin.at({3, 10, 10}) == 1);
  CHECK(skin.at({5, 10, 10}) == 1);
  CHECK(skin.at({6, 10, 10}) == 0);
  CHECK(skin.at({10, 10, 10}) == 0);
  for (const double hu : {-200.0, 250.0, std::nan("")}) {
    const Map none = skin_with(std::vector<double>(8000, hu));
    CHECK(none.voxels == std::vector<std::uint8_t>(8000, 0));
  }
  CHECK(skin_with(std::vector<double>(8000, -199.5)).voxels == skin.voxels);
}

TEST_CASE("skin: components of 5 voxels go, of 6 stay", "[image]") {
  std::vector<double> image(8000, 1000);
  for (std::int64_t j = 8; j < 13; ++j) image[test::place({20, 20, 20}, {4, j, 10})] = 0;
  for (std::int64_t j = 7; j < 13; ++j) image[test::place({20, 20, 20}, {15, j, 10})] = 0;
  Map skin = skin_with(image);
  CHECK(skin.at({4, 10, 10}) == 0);
  CHECK(skin.at({15, 10, 10}) == 1);
}

}  // namespace
}  // namespace musclemap::image
