#include "draw/canvas.hpp"

#include <array>
#include <string>

#include "musclemap/error.hpp"
#include "support/catch.hpp"

using musclemap::draw::Canvas;
using musclemap::draw::Colour;
using musclemap::draw::Font;

namespace {

constexpr Colour kBlack{0, 0, 0};
constexpr Colour kRed{255, 0, 0};

int touched(const Canvas& canvas) {
  int count = 0;
  for (int y = 0; y < canvas.height(); ++y) {
    for (int x = 0; x < canvas.width(); ++x) count += static_cast<int>(canvas.pixel(x, y) != kBlack);
  }
  return count;
}

}  // namespace

TEST_CASE("canvas: filling covers the box and nothing else, clipped to the picture", "[draw]") {
  Canvas canvas(10, 8, kBlack);
  canvas.fill({2, 3, 4, 2}, kRed);
  CHECK(touched(canvas) == 8);
  CHECK(canvas.pixel(2, 3) == kRed);
  CHECK(canvas.pixel(5, 4) == kRed);
  CHECK(canvas.pixel(6, 4) == kBlack);
  canvas.fill({-5, -5, 100, 100}, kRed);
  CHECK(touched(canvas) == 80);
}

TEST_CASE("canvas: blending mixes the colours", "[draw]") {
  Canvas canvas(1, 1, {100, 0, 200});
  canvas.blend(0, 0, {200, 100, 0}, 0.5);
  CHECK(canvas.pixel(0, 0) == Colour{150, 50, 100});
}

TEST_CASE("canvas: what lies outside is left out", "[draw]") {
  Canvas canvas(20, 20, kBlack);
  canvas.text(-200, 5, "outside", Font::large, kRed);
  canvas.text(5, 500, "outside", Font::large, kRed);
  canvas.dot(-50, -50, 3, kRed);
  canvas.dot(1e300, 0, 3, kRed);
  canvas.blend(20, 20, kRed);
  CHECK(touched(canvas) == 0);
  canvas.line(-1e9, 10, 1e9, 10, kRed);
  CHECK(touched(canvas) == 20);
  CHECK_THROWS_AS(canvas.pixel(20, 0), musclemap::Error);
}

TEST_CASE("canvas: a line runs from end to end in every direction", "[draw]") {
  for (const auto& end : {std::array<int, 2>{18, 3}, {3, 18}, {18, 18}, {2, 10}, {10, 2}}) {
    Canvas canvas(21, 21, kBlack);
    canvas.line(10, 10, end[0], end[1], kRed);
    CHECK(canvas.pixel(10, 10) == kRed);
    CHECK(canvas.pixel(end[0], end[1]) == kRed);
  }
}

TEST_CASE("canvas: text stays within its width and line height", "[draw]") {
  for (const Font font : {Font::small, Font::medium, Font::large}) {
    std::string all;
    for (char c = ' '; c <= '~'; ++c) all += c;
    const int width = musclemap::draw::text_width(all, font);
    const int height = musclemap::draw::line_height(font);
    Canvas canvas(width + 20, height + 20, kBlack);
    canvas.text(10, 10, all, font, kRed);
    const int inside = touched(canvas);
    CHECK(inside > width);
    canvas.fill({8, 10, width + 4, height}, kBlack);
    CHECK(touched(canvas) == 0);
  }
}

TEST_CASE("canvas: a size that cannot be is refused", "[draw]") {
  CHECK_THROWS_AS(Canvas(0, 5, kBlack), musclemap::Error);
  CHECK_THROWS_AS(Canvas(5, -1, kBlack), musclemap::Error);
}
