// Ways back to an image's grid as TotalSegmentator's own functions go them (make_way_back.py), voxel by
// voxel.
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "decode/half_classes.hpp"
#include "image/labels/smooth_back.hpp"
#include "support/catch.hpp"

namespace musclemap {
namespace {

using Json = nlohmann::json;

Json cases_of(const std::string& name) {
  return Json::parse(
      std::ifstream(std::string(MUSCLEMAP_SOURCE_DIR) + "/tests/golden/totalsegmentator/" + name));
}

Index3 along_x_y_z(const Json& zyx) { return {zyx[2], zyx[1], zyx[0]}; }

// The separate axis of those that the cases have: z, where its voxels are more than three times as long.
int separate_axis(const Json& spacing) {
  return spacing[0].get<double>() > 3 * spacing[1].get<double>() ? 2 : -1;
}

std::vector<std::uint16_t> found_near(const Json& of, int threads) {
  decode::HalfDecoding decoding;
  decoding.classes = of.at("classes");
  decoding.shape = along_x_y_z(of.at("shape"));
  decoding.near = true;
  decoding.threads = threads;
  image::HalfPixelBack back;
  back.from = decoding.shape;
  back.to = along_x_y_z(of.at("to"));
  back.separate_axis = separate_axis(of.at("spacing"));
  decoding.back = back;
  std::vector<std::uint16_t> labels;
  const auto classes =
      decode::make_half_classes(decoding, [&](std::int64_t z, const std::vector<std::uint16_t>& plane) {
        CHECK(z * back.to[0] * back.to[1] == static_cast<std::int64_t>(labels.size()));
        labels.insert(labels.end(), plane.begin(), plane.end());
      });
  const std::vector<std::uint16_t> halves = of.at("halves");
  const auto pixels = static_cast<std::size_t>(back.from[0] * back.from[1]);
  for (std::int64_t z = 0; z < back.from[2]; ++z) {
    image::HalfSlice slice(decoding.classes, back.from[1], back.from[0]);
    for (std::int64_t c = 0; c < decoding.classes; ++c) {
      std::copy_n(halves.begin() + (c * back.from[2] + z) * static_cast<std::int64_t>(pixels), pixels,
                  slice.row(c, 0));
    }
    classes->take(z, slice);
  }
  return labels;
}

TEST_CASE("scores back near a class's voxels: TotalSegmentator's labels", "[decode]") {
  for (const Json& of : cases_of("near_classes.json")) {
    const std::vector<std::uint16_t> wanted = of.at("labels");
    for (const int threads : {1, 3}) CHECK(found_near(of, threads) == wanted);
  }
}

TEST_CASE("labels back class by class: TotalSegmentator's labels", "[image]") {
  for (const Json& of : cases_of("smooth_back.json")) {
    for (const DType type : {DType::u8, DType::i16}) {
      Geometry from;
      from.shape = along_x_y_z(of.at("shape"));
      Geometry to;
      to.shape = along_x_y_z(of.at("to"));
      Volume labels = Volume::zeros(from, type);
      const std::vector<int> given = of.at("labels");
      const std::vector<int> wanted = of.at("found");
      const auto fill = [&](const auto& view) {
        for (std::size_t n = 0; n < given.size(); ++n)
          view.data[n] = static_cast<std::decay_t<decltype(view.data[n])>>(given[n]);
      };
      const auto differing = [&](const auto& view) {
        std::size_t count = 0;
        for (std::size_t n = 0; n < wanted.size(); ++n) count += view.data[n] == wanted[n] ? 0 : 1;
        return count;
      };
      if (type == DType::u8) {
        fill(labels.mutable_view<std::uint8_t>());
        CHECK(differing(image::smooth_back(labels, to, 2).view<std::uint8_t>()) == 0);
      } else {
        fill(labels.mutable_view<std::int16_t>());
        CHECK(differing(image::smooth_back(labels, to, 1).view<std::int16_t>()) == 0);
      }
    }
  }
}

}  // namespace
}  // namespace musclemap
