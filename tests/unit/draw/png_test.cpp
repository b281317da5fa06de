#include "draw/png.hpp"

#include "support/catch.hpp"
#include "support/png_decode.hpp"

using musclemap::draw::Canvas;

TEST_CASE("png: an independent reader gets the same pixels", "[draw]") {
  for (const int width : {1, 7, 300}) {
    Canvas canvas(width, 41, {1, 2, 3});
    for (int y = 0; y < canvas.height(); ++y) {
      for (int x = 0; x < width; ++x) {
        canvas.blend(x, y, {static_cast<std::uint8_t>(x * 3), static_cast<std::uint8_t>(y * 5), 77});
      }
    }
    const auto picture = musclemap::test::decode_png(musclemap::draw::encode_png(canvas));
    REQUIRE(picture.width == width);
    REQUIRE(picture.height == 41);
    CHECK(picture.rgb == canvas.bytes());
  }
}
