#include "draw/cells_picture.hpp"

#include <limits>
#include <string>
#include <vector>

#include "musclemap/labels.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap::draw {
namespace {

// Two cells side by side in the middle of a field of 200x200, the image a ramp along x.
struct Field {
  static constexpr std::int64_t kSide = 200;
  std::vector<float> image = std::vector<float>(kSide * kSide);
  std::vector<std::uint32_t> labels = std::vector<std::uint32_t>(kSide * kSide, 0);
  Field() {
    for (std::int64_t n = 0; n < kSide * kSide; ++n) {
      const std::int64_t x = n % kSide;
      const std::int64_t y = n / kSide;
      image[static_cast<std::size_t>(n)] = static_cast<float>(x);
      if (y >= 50 && y < 100 && x >= 50 && x < 150) labels[static_cast<std::size_t>(n)] = x < 100 ? 1 : 2;
    }
  }
  CellsFrame frame(double pixel_size_um) const {
    return {image.data(), labels.data(), kSide, kSide, pixel_size_um};
  }
};

TEST_CASE("cells picture: small pictures are enlarged, cells have rims of their colours", "[draw]") {
  const Field field;
  const Canvas canvas = cells_picture(field.frame(0));
  REQUIRE(canvas.width() == 1000);
  REQUIRE(canvas.height() == 1000);
  // Beside each other the rims of two cells show both colours.
  CHECK(canvas.pixel(499, 375) == label_colour(1));
  CHECK(canvas.pixel(500, 375) == label_colour(2));
  CHECK(label_colour(1) != label_colour(2));
  CHECK(canvas.pixel(250, 300) == label_colour(1));
  const Colour outside = canvas.pixel(240, 300);
  CHECK(outside[0] == outside[1]);
  CHECK(outside[1] == outside[2]);
  const Colour inside = canvas.pixel(400, 375);
  CHECK((inside[0] != inside[1] || inside[1] != inside[2]));
  CHECK(canvas.pixel(2, 900) == Colour{0, 0, 0});
  CHECK(canvas.pixel(997, 900) == Colour{255, 255, 255});
}

TEST_CASE("cells picture: the scale bar is as long as it says", "[draw]") {
  const Field field;
  // 0.5 µm a pixel, 0.1 a pixel of the picture: 20 µm are 200 pixels.
  const Canvas canvas = cells_picture(field.frame(0.5));
  int white = 0;
  for (int x = 0; x < canvas.width(); ++x) white += canvas.pixel(x, 986) == Colour{240, 240, 240} ? 1 : 0;
  CHECK(white == 200);
}

TEST_CASE("cells picture: large pictures are reduced, flat and broken ones drawn", "[draw]") {
  const std::vector<float> flat(std::size_t{5000} * 3, 7);
  const std::vector<std::uint32_t> labels(flat.size(), 4000000000U);
  const Canvas canvas = cells_picture({flat.data(), labels.data(), 3, 5000, 1});
  CHECK(canvas.width() == 2500);
  CHECK(canvas.height() == 2);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::uint32_t none = 0;
  CHECK(cells_picture({&nan, &none, 1, 1, 0}).pixel(0, 0) == Colour{0, 0, 0});
  CHECK(cells_png({&nan, &none, 1, 1, 0}).substr(1, 3) == "PNG");
  CHECK(test::contains(test::error_of([&] {
                         cells_picture({&nan, &none, 0, 1, 0});
                       }),
                       "height of the picture"));
}

}  // namespace
}  // namespace musclemap::draw
