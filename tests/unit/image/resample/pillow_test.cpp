#include "image/resample/pillow.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/npy_array.hpp"
#include "support/shared_data.hpp"

namespace musclemap::image {
namespace {

std::vector<std::uint8_t> channel_of(const test::NpyArray& picture, std::size_t channel) {
  std::vector<std::uint8_t> plane;
  for (std::size_t at = channel; at < picture.values.size(); at += 3)
    plane.push_back(static_cast<std::uint8_t>(picture.values[at]));
  return plane;
}

TEST_CASE("pillow: pictures resized by Pillow itself, to the last bit", "[image]") {
  const std::filesystem::path folder = test::shared_data();
  if (folder.empty()) return;
  const test::NpyArray source = test::read_npy(folder / "cellpose" / "pil.src.npy");
  for (const char* name : {"pil.down_24x32.npy", "pil.up_77x102.npy"}) {
    const test::NpyArray expected = test::read_npy(folder / "cellpose" / name);
    for (std::size_t channel = 0; channel < 3; ++channel) {
      for (const int threads : {1, 2}) {
        const auto resized =
            resize_pillow(channel_of(source, channel).data(), {source.shape[0], source.shape[1]},
                          {expected.shape[0], expected.shape[1]}, threads);
        CHECK(resized == channel_of(expected, channel));
      }
    }
  }
}

TEST_CASE("pillow: a plane of its own size, of one value and of one pixel", "[image]") {
  const std::vector<std::uint8_t> plane{0, 255, 7, 130, 1, 99};
  CHECK(resize_pillow(plane.data(), {2, 3}, {2, 3}, 1) == plane);
  CHECK(resize_pillow(plane.data() + 1, {1, 1}, {3, 5}, 1) == std::vector<std::uint8_t>(15, 255));
  const std::vector<std::uint8_t> even(40 * 37, 200);
  CHECK(resize_pillow(even.data(), {40, 37}, {11, 90}, 1) == std::vector<std::uint8_t>(11 * 90, 200));
}

TEST_CASE("pillow: extents below 1 are refused", "[image]") {
  const std::uint8_t pixel = 1;
  CHECK_THROWS_AS(resize_pillow(&pixel, {1, 1}, {0, 4}, 1), Error);
  CHECK_THROWS_AS(resize_pillow(&pixel, {1, 0}, {4, 4}, 1), Error);
}

}  // namespace
}  // namespace musclemap::image
