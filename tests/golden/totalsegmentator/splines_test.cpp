// Splines of degree 2, 4 and 5 as SciPy and scikit-image make them (make_splines.py), to the last bit.
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "image/resample/zoomed_field.hpp"
#include "support/catch.hpp"
#include "unit/image/steps/memory_field.hpp"

namespace musclemap::image {
namespace {

// [x][y][z] of [z][y][x].
std::vector<float> z_fastest(const std::vector<float>& values, const Index3& shape) {
  std::vector<float> turned;
  for (std::int64_t x = 0; x < shape[0]; ++x) {
    for (std::int64_t y = 0; y < shape[1]; ++y) {
      for (std::int64_t z = 0; z < shape[2]; ++z)
        turned.push_back(values[static_cast<std::size_t>((z * shape[1] + y) * shape[0] + x)]);
    }
  }
  return turned;
}

TEST_CASE("splines of degree 2, 4 and 5: the numbers of SciPy and scikit-image", "[image]") {
  const nlohmann::json splines = nlohmann::json::parse(
      std::ifstream(std::string(MUSCLEMAP_SOURCE_DIR) + "/tests/golden/totalsegmentator/splines.json"));
  const auto shape = splines.at("shape").get<Index3>();
  const auto target = splines.at("target").get<Index3>();
  test::MemoryField field(shape, z_fastest(splines.at("image").get<std::vector<float>>(), shape));
  for (const nlohmann::json& each : splines.at("cases")) {
    Zoom zoom{shape, target, Alignment::corner, interpolation_of(each.at("order")), false, Finish::none};
    CHECK(ZoomedField(field, zoom, 2).values(whole(target)) ==
          z_fastest(each.at("corner").get<std::vector<float>>(), target));
    zoom.alignment = Alignment::half_pixel;
    zoom.finish = Finish::clip;
    CHECK(ZoomedField(field, zoom, 1).values(whole(target)) ==
          z_fastest(each.at("half_pixel").get<std::vector<float>>(), target));
  }
}

}  // namespace
}  // namespace musclemap::image
