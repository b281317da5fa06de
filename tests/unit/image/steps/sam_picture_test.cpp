#include "image/steps/sam_picture.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "musclemap/error.hpp"
#include "support/catch.hpp"

namespace musclemap::image {
namespace {

// The 8-bit value that pixel (y, x) of a colour was made of; the part is 1024 wide, so nothing is resized.
double byte_at(const SamPicture& picture, std::size_t colour, std::int64_t y, std::int64_t x) {
  const double means[] = {123.675, 116.28, 103.53};
  const double deviations[] = {58.395, 57.12, 57.375};
  const auto at = (static_cast<std::int64_t>(colour) * kSamSize + y) * kSamSize + x;
  return double(picture.values[static_cast<std::size_t>(at)]) * deviations[colour] + means[colour];
}

std::vector<float> ramp(float first, float step) {
  std::vector<float> values;
  for (std::int64_t x = 0; x < kSamSize; ++x) values.push_back(first + step * static_cast<float>(x % 11));
  return values;
}

TEST_CASE("sam picture: both ways to 8 bits", "[image]") {
  const std::vector<float> values = ramp(100, 20);  // 100 .. 300
  PicturePart part{{values.data()}, {1, kSamSize}, kSamSize, false};
  const auto now = sam_picture(part, SamContrast::per_channel, 1);
  const auto then = sam_picture(part, SamContrast::as_1_6_1, 1);
  REQUIRE(now);
  REQUIRE(then);
  for (const std::int64_t x : {0, 3, 10}) {
    const double expected = std::floor(double(x % 11) / 10 * 255 + 1e-4);
    for (std::size_t colour = 0; colour < 3; ++colour) {
      CHECK(std::fabs(byte_at(*now, colour, 0, x) - expected) < 1e-3);
      CHECK(std::fabs(byte_at(*then, colour, 0, x) - expected) < 1e-3);
    }
  }
  CHECK(now->values[kSamSize] == 0.0F);           // below the picture
  const std::vector<float> bytes = ramp(10, 20);  // 10 .. 210
  part = {{bytes.data()}, {1, kSamSize}, kSamSize, true};
  const auto kept = sam_picture(part, SamContrast::as_1_6_1, 1);
  const auto stretched = sam_picture(part, SamContrast::per_channel, 1);
  CHECK(std::fabs(byte_at(*kept, 0, 0, 3) - 70) < 1e-3);
  CHECK(std::fabs(byte_at(*stretched, 0, 0, 3) - 76) < 1e-3);
}

TEST_CASE("sam picture: two channels get a third of zeros, a fourth is left out", "[image]") {
  const std::vector<float> a = ramp(0, 1);
  const std::vector<float> b = ramp(0, 2);
  const PicturePart two{{a.data(), b.data()}, {1, kSamSize}, kSamSize, false};
  const auto picture = sam_picture(two, SamContrast::per_channel, 1);
  CHECK(std::fabs(byte_at(*picture, 1, 0, 10) - 255) < 1.001);
  CHECK(std::fabs(byte_at(*picture, 2, 0, 10)) < 1e-3);
  const PicturePart four{{a.data(), b.data(), a.data(), b.data()}, {1, kSamSize}, kSamSize, false};
  const PicturePart three{{a.data(), b.data(), a.data()}, {1, kSamSize}, kSamSize, false};
  CHECK(sam_picture(four, SamContrast::per_channel, 1)->values ==
        sam_picture(three, SamContrast::per_channel, 1)->values);
}

TEST_CASE("sam picture: nothing of one value; values that are no numbers are refused", "[image]") {
  std::vector<float> values(64, 7.0F);
  const PicturePart part{{values.data()}, {8, 8}, 8, false};
  CHECK_FALSE(sam_picture(part, SamContrast::per_channel, 1));
  CHECK_FALSE(sam_picture(part, SamContrast::as_1_6_1, 1));
  values[9] = std::numeric_limits<float>::infinity();
  CHECK_THROWS_AS(sam_picture(part, SamContrast::per_channel, 1), Error);
  values[9] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_AS(sam_picture(part, SamContrast::as_1_6_1, 1), Error);
  CHECK_THROWS_AS(sam_picture({{}, {8, 8}, 8, false}, SamContrast::per_channel, 1), Error);
}

TEST_CASE("sam picture: the longest side gets 1024 pixels, the other its share", "[image]") {
  CHECK(sam_scaled_shape({512, 512}) == PlaneShape{1024, 1024});
  CHECK(sam_scaled_shape({300, 200}) == PlaneShape{1024, 683});
  CHECK(sam_scaled_shape({1, 1}) == PlaneShape{1024, 1024});
  CHECK(sam_scaled_shape({2048, 3}) == PlaneShape{1024, 2});
  CHECK(sam_scaled_shape({5000, 1}) == PlaneShape{1024, 1});
}

TEST_CASE("sam picture: a part of a plane is read by its stride", "[image]") {
  std::vector<float> plane(40 * 50);
  for (std::size_t p = 0; p < plane.size(); ++p) plane[p] = static_cast<float>((p * 37) % 101);
  std::vector<float> cut;
  for (std::int64_t y = 5; y < 25; ++y) {
    for (std::int64_t x = 7; x < 37; ++x) cut.push_back(plane[static_cast<std::size_t>(y * 50 + x)]);
  }
  const PicturePart inside{{plane.data() + 5 * 50 + 7}, {20, 30}, 50, false};
  const PicturePart alone{{cut.data()}, {20, 30}, 30, false};
  const auto one = sam_picture(inside, SamContrast::per_channel, 1);
  CHECK(one->values == sam_picture(alone, SamContrast::per_channel, 2)->values);
  CHECK(one->scaled == PlaneShape{683, 1024});
}

}  // namespace
}  // namespace musclemap::image
