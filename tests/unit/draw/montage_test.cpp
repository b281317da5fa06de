#include <cstdlib>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "musclemap/error.hpp"
#include "musclemap/picture.hpp"
#include "support/catch.hpp"
#include "support/png_decode.hpp"

namespace {

using musclemap::Affine;
using musclemap::DType;
using musclemap::Geometry;
using musclemap::Label;
using musclemap::MontageOptions;
using musclemap::Volume;
using musclemap::test::Picture;

constexpr std::int16_t kRight = 5122;
constexpr std::int16_t kLeft = 5121;

// A grey block with one structure on each side of the patient; `flip` stores x from right to left.
struct Case {
  Volume image;
  Volume labels;
};

Case make_case(bool flip, std::int64_t slices = 24) {
  Geometry geometry;
  geometry.shape = {60, 40, slices};
  geometry.to_world = Affine{};
  geometry.to_world(0, 0) = flip ? -2 : 2;
  geometry.to_world(1, 1) = 2;
  geometry.to_world(2, 2) = 4;
  Case result{Volume::zeros(geometry, DType::f32), Volume::zeros(geometry, DType::i16)};
  const auto image = result.image.mutable_view<float>();
  const auto labels = result.labels.mutable_view<std::int16_t>();
  for (std::int64_t k = 0; k < slices; ++k) {
    for (std::int64_t j = 2; j < 38; ++j) {
      for (std::int64_t i = 2; i < 58; ++i) {
        image(i, j, k) = 100.0F + static_cast<float>((i * 7 + j * 3 + k) % 50);
        const std::int64_t x = flip ? 59 - i : i;
        if (j < 12 || j > 28 || k < 2) continue;
        if (x >= 8 && x < 24) labels(i, j, k) = kLeft;
        if (x >= 36 && x < 52) labels(i, j, k) = kRight;
      }
    }
  }
  return result;
}

const std::vector<Label> kNames{{kLeft, "abdomen", "psoas major", "left"},
                                {kRight, "abdomen", "psoas major", "right"},
                                {5131, "abdomen", "quadratus lumborum", "left"}};

// Mean x of the pixels in exactly the label's colour within the upper left part, where the large slice is, or
// close to it.
double mean_x(const Picture& picture, std::int32_t value) {
  const auto colour = musclemap::label_colour(value);
  double sum = 0;
  int count = 0;
  for (int y = 100; y < 500; ++y) {
    for (int x = 0; x < picture.width * 6 / 10; ++x) {
      const auto pixel = picture.at(x, y);
      bool near = true;
      for (std::size_t c = 0; c < 3; ++c) near = near && std::abs(pixel[c] - colour[c]) < 16;
      if (!near) continue;
      sum += x;
      ++count;
    }
  }
  REQUIRE(count > 50);
  return sum / count;
}

}  // namespace

TEST_CASE("montage: the patient's left is on the picture's right however the file is stored", "[draw]") {
  for (const bool flip : {false, true}) {
    const Case scan = make_case(flip);
    const Picture picture = musclemap::test::decode_png(qc_montage_png(scan.image, scan.labels, kNames));
    REQUIRE(picture.width == 1800);
    CHECK(mean_x(picture, kRight) + 200 < mean_x(picture, kLeft));
  }
}

TEST_CASE("montage: storage order does not change the picture of the same body", "[draw]") {
  const Case plain = make_case(false);
  // The same voxels, read through a view whose i runs backwards.
  Geometry geometry = plain.image.geometry();
  geometry.to_world(0, 3) = geometry.to_world(0, 0) * 59;
  geometry.to_world(0, 0) = -geometry.to_world(0, 0);
  const auto backwards = [&](const Volume& volume) {
    musclemap::Index3 stride = volume.stride_bytes();
    const auto size = static_cast<std::int64_t>(dtype_size(volume.dtype()));
    const char* last = nullptr;
    if (volume.dtype() == DType::f32) {
      last = reinterpret_cast<const char*>(volume.view<float>().data) + 59 * size;
    } else {
      last = reinterpret_cast<const char*>(volume.view<std::int16_t>().data) + 59 * size;
    }
    stride[0] = -stride[0];
    return Volume::borrow(last, geometry, volume.dtype(), stride);
  };
  MontageOptions options;
  options.title = "case";
  CHECK(qc_montage_png(plain.image, plain.labels, kNames, options) ==
        qc_montage_png(backwards(plain.image), backwards(plain.labels), kNames, options));
}

TEST_CASE("montage: odd inputs still give a picture", "[draw]") {
  Case scan = make_case(false, 1);
  MontageOptions options;
  options.width_px = 800;
  for (const int slices : {0, 1, 64}) {
    options.max_slices = slices;
    const Picture picture = musclemap::test::decode_png(qc_montage_png(scan.image, scan.labels, {}, options));
    CHECK(picture.width == 800);
  }
  const Case empty{Volume::zeros(scan.image.geometry(), DType::u8),
                   Volume::zeros(scan.image.geometry(), DType::i32)};
  CHECK(musclemap::test::decode_png(qc_montage_png(empty.image, empty.labels, kNames, options)).width == 800);

  // Very long and narrow volumes, and values that are not finite.
  Geometry thin;
  thin.shape = {1, 3, 400};
  Case strip{Volume::zeros(thin, DType::f64), Volume::zeros(thin, DType::u8)};
  strip.image.mutable_view<double>()(0, 1, 7) = std::numeric_limits<double>::quiet_NaN();
  strip.labels.mutable_view<std::uint8_t>()(0, 2, 9) = 4;
  const Picture picture = musclemap::test::decode_png(qc_montage_png(strip.image, strip.labels, {}, options));
  CHECK(picture.width == 800);
  CHECK(picture.height < 4000);
}

TEST_CASE("montage: a hundred structures have a place in the table", "[draw]") {
  Case scan = make_case(false);
  std::vector<Label> names;
  const auto labels = scan.labels.mutable_view<std::int16_t>();
  for (std::int16_t value = 1; value <= 113; ++value) {
    labels(value % 60, value / 60 + 5, 10) = value;
    names.push_back({value, "", "structure " + std::to_string(value), value % 2 == 0 ? "right" : ""});
  }
  const Picture few =
      musclemap::test::decode_png(qc_montage_png(scan.image, make_case(false).labels, kNames));
  const Picture many = musclemap::test::decode_png(qc_montage_png(scan.image, scan.labels, names));
  CHECK(many.height > few.height + 300);
}

TEST_CASE("montage: every letter of title, subtitle and names shows", "[draw]") {
  const Case scan = make_case(false);
  for (const auto& [one, other] : std::vector<std::pair<std::string, std::string>>{{"é", "è"},
                                                                                   {"Ω", "Ψ"},
                                                                                   {"Ж", "Щ"},
                                                                                   {"ế", "ề"},
                                                                                   {"ł", "l"},
                                                                                   {"a\xCC\x88", "a"},
                                                                                   {"筋", "Ж"},
                                                                                   {"\xE9", "筋"}}) {
    CAPTURE(one, other);
    const auto titled = [&](const std::string& text) {
      return qc_montage_png(scan.image, scan.labels, kNames, {text, "", 800, 0});
    };
    const auto subtitled = [&](const std::string& text) {
      return qc_montage_png(scan.image, scan.labels, kNames, {"", text, 800, 0});
    };
    const auto named = [&](const std::string& text) {
      return qc_montage_png(scan.image, scan.labels, {{kLeft, "", text, "left"}}, {"", "", 800, 0});
    };
    CHECK(titled(one) != titled(other));
    CHECK(subtitled(one) != subtitled(other));
    CHECK(named(one) != named(other));
    CHECK(named(one) == named(one));
  }
}

TEST_CASE("montage: names of any length stay in the picture and beside the structures", "[draw]") {
  const Case scan = make_case(false);
  const int plain = musclemap::test::decode_png(qc_montage_png(scan.image, scan.labels, kNames)).height;
  for (const std::string& name : {std::string(3000, 'w'), std::string(500, ' ') + "x",
                                  "ж" + std::string(200, '\xB6'), std::string(20000, '\n')}) {
    std::string words;
    for (int n = 0; n < 200; ++n) words += name.substr(0, 9) + " ";
    for (const std::string& text : {name, words}) {
      const std::vector<Label> names{{kLeft, "", text, "left"}, {kRight, "", text, "right"}};
      const Picture picture =
          musclemap::test::decode_png(qc_montage_png(scan.image, scan.labels, names, {text, "", 1800, 8}));
      CHECK(picture.width == 1800);
      CHECK(picture.height <= plain + 30);
    }
  }
}

TEST_CASE("montage: what cannot be drawn is refused", "[draw]") {
  const Case scan = make_case(false);
  const Case other = make_case(false, 3);
  CHECK_THROWS_AS(qc_montage_png(scan.image, other.labels, kNames), musclemap::Error);
  CHECK_THROWS_AS(qc_montage_png(scan.image, scan.image, kNames), musclemap::Error);
  MontageOptions options;
  options.width_px = 100;
  CHECK_THROWS_AS(qc_montage_png(scan.image, scan.labels, kNames, options), musclemap::Error);
  options.width_px = 1800;
  options.max_slices = -1;
  CHECK_THROWS_AS(qc_montage_png(scan.image, scan.labels, kNames, options), musclemap::Error);
}
