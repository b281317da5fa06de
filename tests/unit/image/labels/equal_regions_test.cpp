#include "image/labels/equal_regions.hpp"

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::image {
namespace {

using Plane = std::vector<std::uint32_t>;

// Pixel by pixel, from the first one of each region.
Plane flooded(const PlaneShape& shape, const Plane& values) {
  Plane numbers(values.size());
  std::uint32_t count = 0;
  for (std::int64_t first = 0; first < shape[0] * shape[1]; ++first) {
    if (values[std::size_t(first)] == 0 || numbers[std::size_t(first)] != 0) continue;
    numbers[std::size_t(first)] = ++count;
    std::vector<std::int64_t> open{first};
    while (!open.empty()) {
      const std::int64_t at = open.back();
      open.pop_back();
      for (std::int64_t y = at / shape[1] - 1; y <= at / shape[1] + 1; ++y) {
        for (std::int64_t x = at % shape[1] - 1; x <= at % shape[1] + 1; ++x) {
          if (y < 0 || y >= shape[0] || x < 0 || x >= shape[1]) continue;
          const auto to = std::size_t(y * shape[1] + x);
          if (numbers[to] != 0 || values[to] != values[std::size_t(first)]) continue;
          numbers[to] = count;
          open.push_back(std::int64_t(to));
        }
      }
    }
  }
  return numbers;
}

TEST_CASE("equal regions: those of a flood, in raster order", "[image]") {
  std::mt19937 random(3);
  for (const PlaneShape& shape : {PlaneShape{1, 1}, {1, 40}, {40, 1}, {23, 31}, {64, 64}}) {
    for (const unsigned kinds : {2U, 3U, 5U}) {
      Plane values(static_cast<std::size_t>(shape[0] * shape[1]));
      for (std::uint32_t& value : values) value = static_cast<std::uint32_t>(random() % kinds * 7);
      const Plane expected = flooded(shape, values);
      const std::int64_t count = number_equal_regions(shape, values.data());
      CHECK(values == expected);
      std::uint32_t most = 0;
      for (const std::uint32_t value : values) most = std::max(most, value);
      CHECK(count == most);
    }
  }
}

TEST_CASE("equal regions: a spiral is one region, corners join", "[image]") {
  Plane values{1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1};
  CHECK(number_equal_regions({4, 4}, values.data()) == 1);
  Plane diagonal{5, 0, 0, 5};
  CHECK(number_equal_regions({2, 2}, diagonal.data()) == 1);
  CHECK(diagonal == Plane{1, 0, 0, 1});
  Plane crossed{5, 6, 6, 5};
  CHECK(number_equal_regions({2, 2}, crossed.data()) == 2);
  CHECK(crossed == Plane{1, 2, 2, 1});
}

}  // namespace
}  // namespace musclemap::image
