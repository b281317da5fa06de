#include "decode/amg/point_masks.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

#include "image/resample/bilinear.hpp"
#include "support/catch.hpp"

namespace musclemap::decode {
namespace {

constexpr std::int64_t kMap = 16;

// A disc of logits.
std::vector<float> disc(double y0, double x0, double radius) {
  std::vector<float> map;
  for (std::int64_t y = 0; y < kMap; ++y) {
    for (std::int64_t x = 0; x < kMap; ++x)
      map.push_back(static_cast<float>(3 * (radius - std::hypot(double(y) - y0, double(x) - x0))));
  }
  return map;
}

MapPlacement placement() { return {kMap, 64, {64, 48}, {100, 75}}; }

TEST_CASE("amg: a map reduced row by row is the resized map reduced", "[decode]") {
  const std::vector<float> map = disc(6, 5, 4);
  const MapPlacement where = placement();
  const std::vector<float> model = image::resize_bilinear(map.data(), kMap, {kMap, kMap}, {64, 64}, 1);
  const std::vector<float> picture = image::resize_bilinear(model.data(), 64, where.scaled, where.picture, 1);
  const SamMask expected =
      reduce_logits([&](std::int64_t y) { return picture.data() + y * where.picture[1]; }, where.picture);
  const SamMask mask = mask_of_map(map.data(), where);
  CHECK(mask.area == expected.area);
  CHECK(mask.stability == expected.stability);
  CHECK(mask.box == expected.box);
  CHECK(mask.runs.size() == expected.runs.size());
  CHECK(mask.area > 500);
}

TEST_CASE("amg: masks come in the order of the maps, for any number of threads", "[decode]") {
  std::vector<float> maps;
  for (const double radius : {2.0, 3.0, 4.0, 5.0, -30.0}) {
    const std::vector<float> map = disc(6, 5, radius);
    maps.insert(maps.end(), map.begin(), map.end());
  }
  const std::vector<float> iou{0.9F, 0.5F, 0.95F, 0.91F, 0.99F};
  AmgOptions options;
  options.stability_score_thresh = 0.3;
  for (const int threads : {1, 2}) {
    std::vector<SamMask> masks;
    add_point_masks(maps.data(), iou.data(), 5, placement(), options, threads, &masks);
    REQUIRE(masks.size() == 3);
    CHECK(masks[0].predicted_iou == 0.9F);
    CHECK(masks[1].predicted_iou == 0.95F);
    CHECK(masks[2].predicted_iou == 0.91F);
    CHECK(masks[0].area < masks[1].area);
    CHECK(masks[1].area < masks[2].area);
  }
}

}  // namespace
}  // namespace musclemap::decode
