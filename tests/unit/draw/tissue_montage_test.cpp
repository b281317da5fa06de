#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "draw/tissue_classes.hpp"
#include "musclemap/picture.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/png_decode.hpp"

namespace {

using musclemap::Affine;
using musclemap::DType;
using musclemap::Geometry;
using musclemap::Label;
using musclemap::LabelStatus;
using musclemap::MontageOptions;
using musclemap::TissueFit;
using musclemap::TissueMethod;
using musclemap::TissueOverlay;
using musclemap::Volume;
using musclemap::test::Picture;

constexpr std::int16_t kRight = 5122;
constexpr std::int16_t kLeft = 5121;
const std::vector<Label> kNames{{kLeft, "abdomen", "psoas major", "left"},
                                {kRight, "abdomen", "psoas major", "right"}};

struct Case {
  Volume image;
  TissueOverlay overlay;
};

TissueFit fit_of(std::int32_t label, double muscle_max, double fat_min) {
  TissueFit fit;
  fit.label = label;
  fit.voxels = 1;
  fit.muscle_max = muscle_max;
  fit.fat_min = fat_min;
  return fit;
}

Geometry geometry_of(const musclemap::Index3& shape, bool flip = false) {
  Geometry geometry;
  geometry.shape = shape;
  geometry.to_world(0, 0) = flip ? -2 : 2;
  geometry.to_world(0, 3) = flip ? 2.0 * static_cast<double>(shape[0] - 1) : 0;
  geometry.to_world(1, 1) = 2;
  geometry.to_world(2, 2) = 4;
  return geometry;
}

Case blank(const musclemap::Index3& shape, bool flip = false) {
  const Geometry geometry = geometry_of(shape, flip);
  return {Volume::zeros(geometry, DType::f32),
          {Volume::zeros(geometry, DType::i16), Volume::zeros(geometry, DType::u8), {}, {}}};
}

// Two blocks, in the patient's left all muscle, in the right fat in front of undefined tissue. `flip` stores
// the same body from left to right.
Case two_blocks(bool flip = false, std::int64_t slices = 24) {
  Case result = blank({60, 40, slices}, flip);
  const auto image = result.image.mutable_view<float>();
  const auto labels = result.overlay.labels.mutable_view<std::int16_t>();
  const auto tissue = result.overlay.tissue.mutable_view<std::uint8_t>();
  for (std::int64_t k = 0; k < slices; ++k) {
    for (std::int64_t j = 2; j < 38; ++j) {
      for (std::int64_t x = 2; x < 58; ++x) {
        const std::int64_t i = flip ? 59 - x : x;
        image(i, j, k) = 100.0F + static_cast<float>((x * 7 + j * 3 + k) % 50);
        if (j < 12 || j > 28 || (slices > 2 && k < 2)) continue;
        if (x >= 8 && x < 24) {
          labels(i, j, k) = kLeft;
          tissue(i, j, k) = 1;
          image(i, j, k) -= 40;
        }
        if (x >= 36 && x < 52) {
          labels(i, j, k) = kRight;
          tissue(i, j, k) = j >= 20 ? 4 : 7;
          image(i, j, k) += j >= 20 ? 60.0F : 30.0F;
        }
      }
    }
  }
  result.overlay.options.components = 3;
  result.overlay.fits = {fit_of(kLeft, 120, 150), fit_of(kRight, 125, 165)};
  return result;
}

std::string png_of(const Case& scan, const std::vector<Label>& names = kNames,
                   const MontageOptions& options = {}) {
  return tissue_montage_png(scan.image, scan.overlay, names, options);
}

Picture picture_of(const Case& scan, const std::vector<Label>& names = kNames,
                   const MontageOptions& options = {}) {
  return musclemap::test::decode_png(png_of(scan, names, options));
}

MontageOptions wide(int width_px) {
  MontageOptions options;
  options.width_px = width_px;
  return options;
}

struct Place {
  double x = 0;
  double y = 0;
  int pixels = 0;
};

// Where pixels lie that a test holds for, in the box of the picture.
Place place_of(const Picture& picture, const std::array<int, 4>& box,
               const std::function<bool(int, int, int)>& test) {
  Place place;
  for (int y = box[1]; y < std::min(box[3], picture.height); ++y) {
    for (int x = box[0]; x < std::min(box[2], picture.width); ++x) {
      const auto pixel = picture.at(x, y);
      if (!test(pixel[0], pixel[1], pixel[2])) continue;
      place.x += x;
      place.y += y;
      ++place.pixels;
    }
  }
  place.x /= std::max(1, place.pixels);
  place.y /= std::max(1, place.pixels);
  return place;
}

bool reddish(int r, int g, int b) { return r > g + 40 && r > b + 30; }
bool bluish(int r, int g, int b) { return b > r + 40 && b > g + 15; }
bool yellowish(int r, int g, int b) { return r > b + 50 && g > b + 40; }

// The image of the only card: the overview is in the first column of two.
const std::array<int, 4> kImage{908, 180, 1370, 500};

int pixels_near(const Picture& picture, std::size_t which) {
  const auto colour = musclemap::draw::kClassColours[which];
  return place_of(picture, {0, 0, picture.width, picture.height},
                  [&](int r, int g, int b) {
                    return std::abs(r - colour[0]) + std::abs(g - colour[1]) + std::abs(b - colour[2]) < 90;
                  })
      .pixels;
}

}  // namespace

TEST_CASE("tissue montage: each class has its colour where the tissue is", "[draw]") {
  const Picture picture = picture_of(two_blocks());
  REQUIRE(picture.width == 1800);
  CHECK(picture.height < 1200);
  const Place muscle = place_of(picture, kImage, reddish);
  const Place undefined = place_of(picture, kImage, bluish);
  const Place fat = place_of(picture, kImage, yellowish);
  CHECK(muscle.pixels > 5000);
  CHECK(undefined.pixels > 2000);
  CHECK(fat.pixels > 2000);
  // The patient's left is on the right; the front is above.
  CHECK(muscle.x > fat.x + 100);
  CHECK(muscle.x > undefined.x + 100);
  CHECK(std::fabs(fat.x - undefined.x) < 20);
  CHECK(fat.y + 50 < undefined.y);
}

TEST_CASE("tissue montage: the same bytes again, and however the file is stored", "[draw]") {
  const std::string once = png_of(two_blocks());
  CHECK(once == png_of(two_blocks()));
  // The index of the slice is that of the file; a flip along x leaves it alone.
  CHECK(once == png_of(two_blocks(true)));
}

TEST_CASE("tissue montage: two components have no column and no colour for undefined tissue", "[draw]") {
  Case scan = two_blocks();
  const auto tissue = scan.overlay.tissue.mutable_view<std::uint8_t>();
  for (std::int64_t k = 0; k < 24; ++k) {
    for (std::int64_t j = 0; j < 40; ++j) {
      for (std::int64_t i = 0; i < 60; ++i) {
        if (tissue(i, j, k) == 7) tissue(i, j, k) = 4;
      }
    }
  }
  CHECK(pixels_near(picture_of(scan), musclemap::draw::kUndefined) > 200);  // legend and heading of the table
  scan.overlay.options.components = 2;
  CHECK(pixels_near(picture_of(scan), musclemap::draw::kUndefined) < 40);
}

TEST_CASE("tissue montage: thresholds and doubts change the card", "[draw]") {
  const Case scan = two_blocks();
  const std::string plain = png_of(scan);
  Case moved = scan;
  moved.overlay.fits[0].muscle_max = 90;
  CHECK(png_of(moved) != plain);
  Case unstable = scan;
  unstable.overlay.fits[1].stable = false;
  CHECK(picture_of(unstable).height >= musclemap::test::decode_png(plain).height);
  CHECK(png_of(unstable) != plain);
  // Words and numbers that the picture cannot place.
  Case odd = scan;
  odd.overlay.fits[0].muscle_max = 1e300;
  odd.overlay.fits[0].fat_min = -1e300;
  odd.overlay.fits[1].status = static_cast<LabelStatus>(99);
  CHECK(picture_of(odd).width == 1800);
  odd.overlay.fits = {};
  CHECK(picture_of(odd).width == 1800);
}

TEST_CASE("tissue montage: each status has words of its own", "[draw]") {
  const auto amber = [](int r, int g, int b) {
    return r > 240 && std::abs(g - 170) < 12 && std::abs(b - 70) < 12;
  };
  Case scan = two_blocks();
  std::set<std::string> pictures{png_of(scan)};
  CHECK(place_of(musclemap::test::decode_png(*pictures.begin()), {900, 0, 1800, 1200}, amber).pixels == 0);
  for (const LabelStatus status :
       {LabelStatus::too_few_voxels, LabelStatus::not_separable, LabelStatus::nonfinite,
        LabelStatus::collapsed, LabelStatus::implausible, LabelStatus::overlapping}) {
    scan.overlay.fits[1].status = status;
    const std::string png = png_of(scan);
    CHECK(place_of(musclemap::test::decode_png(png), {900, 0, 1800, 1200}, amber).pixels > 20);
    pictures.insert(png);
  }
  CHECK(pictures.size() == 7);
  // A bone is no doubt.
  scan.overlay.fits[1].status = LabelStatus::bone;
  pictures.insert(png_of(scan));
  CHECK(place_of(picture_of(scan), {900, 0, 1800, 1200}, amber).pixels == 0);
  CHECK(pictures.size() == 8);
}

TEST_CASE("tissue montage: a line per threshold, dashed on the left", "[draw]") {
  // Pixels in pure white of each column of the histogram that has many.
  const auto lines_of = [](const Picture& picture) {
    std::vector<int> lines;
    for (int x = 1390; x < 1790; ++x) {
      const auto white = [](int r, int g, int b) { return r == 255 && g == 255 && b == 255; };
      const int count = place_of(picture, {x, 240, x + 1, 540}, white).pixels;
      if (count > 60) lines.push_back(count);
    }
    return lines;
  };
  Case scan = two_blocks();
  const std::vector<int> lines = lines_of(picture_of(scan));
  REQUIRE(lines.size() == 4);  // 120 L, 125 R, 150 L, 165 R
  CHECK(lines[0] < lines[1] * 7 / 10);
  CHECK(lines[2] == lines[0]);
  CHECK(lines[3] == lines[1]);
  scan.overlay.fits.pop_back();
  CHECK(lines_of(picture_of(scan)).size() == 2);
  scan.overlay.fits.clear();
  CHECK(lines_of(picture_of(scan)).empty());
}

TEST_CASE("tissue montage: fixed ranges are drawn with their limits", "[draw]") {
  Case scan = two_blocks();
  scan.overlay.options.method = TissueMethod::hu;
  const std::string once = png_of(scan);
  scan.overlay.options.muscle_range.high = 160;
  CHECK(png_of(scan) != once);
}

TEST_CASE("tissue montage: labels that are not divided stay grey", "[draw]") {
  Case scan = two_blocks();
  scan.overlay.tissue = Volume::zeros(scan.image.geometry(), DType::u8);
  for (TissueFit& fit : scan.overlay.fits) fit.status = LabelStatus::too_few_voxels;
  const Picture picture = picture_of(scan);
  CHECK(place_of(picture, {908, 220, 1370, 480}, reddish).pixels == 0);
  CHECK(place_of(picture, {908, 220, 1370, 480}, bluish).pixels == 0);
}

TEST_CASE("tissue montage: bones have no classes unless asked", "[draw]") {
  Case scan = two_blocks();
  const std::vector<Label> bones{{kRight, "", "tibia", "right"}, {kLeft, "", "tibia", "left"}};
  const std::array<int, 4> card{908, 220, 1370, 480};
  const Picture whole = picture_of(scan, bones);
  CHECK(place_of(whole, card, reddish).pixels == 0);
  CHECK(place_of(whole, card, bluish).pixels == 0);
  scan.overlay.options.divide_bones = true;
  CHECK(place_of(picture_of(scan, bones), card, reddish).pixels > 0);
}

TEST_CASE("tissue montage: degenerate inputs still give a picture", "[draw]") {
  for (const int width : {800, 2400}) {
    CHECK(picture_of(two_blocks(false, 1), kNames, wide(width)).width == width);
    // No label, and nothing but zeros.
    const Case empty = blank({8, 9, 10});
    CHECK(picture_of(empty, kNames, wide(width)).width == width);
    // One voxel in all.
    Case one = blank({1, 1, 1});
    one.overlay.labels.mutable_view<std::int16_t>()(0, 0, 0) = -3;
    CHECK(picture_of(one, {}, wide(width)).width == width);
    one.overlay.tissue.mutable_view<std::uint8_t>()(0, 0, 0) = 200;
    CHECK(picture_of(one, {}, wide(width)).height > 100);
    // Long and narrow.
    Case strip = blank({1, 3, 400});
    strip.overlay.labels.mutable_view<std::int16_t>()(0, 2, 9) = 4;
    strip.overlay.tissue.mutable_view<std::uint8_t>()(0, 2, 9) = 1;
    const Picture picture = picture_of(strip, {}, wide(width));
    CHECK(picture.width == width);
    CHECK(picture.height <= 8000);
  }
}

TEST_CASE("tissue montage: images of one value, of NaN and of extremes", "[draw]") {
  const std::vector<double> values{0,
                                   7,
                                   -1e-30,
                                   1e30,
                                   std::numeric_limits<double>::max(),
                                   std::numeric_limits<double>::infinity(),
                                   std::numeric_limits<double>::quiet_NaN()};
  for (const double value : values) {
    Case scan = two_blocks();
    scan.image = Volume::zeros(scan.image.geometry(), DType::f64);
    const auto image = scan.image.mutable_view<double>();
    for (std::int64_t k = 0; k < 24; ++k) {
      for (std::int64_t j = 0; j < 40; ++j) {
        for (std::int64_t i = 0; i < 60; ++i) image(i, j, k) = value;
      }
    }
    CHECK(picture_of(scan).width == 1800);
    image(10, 15, 5) = -3e38;  // with a far outlier
    image(11, 15, 5) = 3e38;
    CHECK(picture_of(scan).width == 1800);
  }
}

TEST_CASE("tissue montage: many groups stay below the limit, the rest is named", "[draw]") {
  Case scan = blank({60, 40, 24});
  const auto labels = scan.overlay.labels.mutable_view<std::int16_t>();
  const auto tissue = scan.overlay.tissue.mutable_view<std::uint8_t>();
  std::vector<Label> names;
  for (std::int16_t value = 1; value <= 100; ++value) {
    const std::int64_t j = value / 20 + 5;
    const std::int64_t k = value % 24;
    for (std::int64_t i = 0; i < 3; ++i) {
      labels(i, j, k) = value;
      tissue(i, j, k) = 4;
    }
    names.push_back({value, "", "structure with a rather long name " + std::to_string(value), "no side"});
  }
  MontageOptions options;
  const Picture picture = picture_of(scan, names, options);
  CHECK(picture.height > 4000);
  CHECK(picture.height <= 8000);
  options.max_groups = 6;
  const Picture few = picture_of(scan, names, options);
  CHECK(few.height < 2500);
  options.max_groups = 200;
  CHECK(picture_of(scan, names, options).height <= 8000);
  options.width_px = 800;
  CHECK(picture_of(scan, names, options).height <= 8000);
  options.width_px = 4000;
  CHECK(picture_of(scan, names, options).height <= 8000);
  // All labels of one name: a table of four lines, and how many more there are.
  for (Label& name : names) name.anatomy = "one";
  options.width_px = 1800;
  CHECK(picture_of(scan, names, options).height < 1500);
}

TEST_CASE("tissue montage: every letter of title and names shows", "[draw]") {
  const Case scan = two_blocks();
  for (const auto& [one, other] : std::vector<std::pair<std::string, std::string>>{
           {"é", "è"}, {"Ω", "Ψ"}, {"Ж", "Щ"}, {"ế", "ề"}, {"ł", "l"}, {"筋", "Ж"}, {"\xE9", "筋"}}) {
    CAPTURE(one, other);
    const auto titled = [&](const std::string& text) {
      return tissue_montage_png(scan.image, scan.overlay, kNames, {text, "", 800, 0});
    };
    const auto named = [&](const std::string& text) {
      return tissue_montage_png(scan.image, scan.overlay, {{kLeft, "", text, "left"}}, {"", "", 800, 0});
    };
    CHECK(titled(one) != titled(other));
    CHECK(named(one) != named(other));
  }
}

TEST_CASE("tissue montage: what cannot be drawn is refused", "[draw]") {
  const auto problem_of = [](const Case& scan, const MontageOptions& options = {}) {
    const std::string problem = musclemap::test::error_of([&] { png_of(scan, kNames, options); });
    return problem.substr(0, problem.find('/'));
  };
  Case scan = two_blocks();
  scan.image = two_blocks(false, 3).image;
  CHECK(problem_of(scan) == "geometry");
  scan = two_blocks();
  scan.overlay.tissue = two_blocks(false, 3).overlay.tissue;
  CHECK(problem_of(scan) == "geometry");
  scan = two_blocks();
  scan.overlay.labels = scan.image;
  CHECK(problem_of(scan) == "argument");
  scan = two_blocks();
  scan.overlay.tissue = scan.overlay.labels;
  CHECK(problem_of(scan) == "argument");
  scan = two_blocks();
  for (const int groups : {-1, 0, 201}) {
    MontageOptions options;
    options.max_groups = groups;
    CHECK(problem_of(scan, options) == "argument");
  }
  CHECK(problem_of(scan, wide(799)) == "argument");
  CHECK(problem_of(scan, wide(8001)) == "argument");
}
