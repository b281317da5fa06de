#include "image/resample/bilinear.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::image {
namespace {

std::vector<float> wavy(const PlaneShape& shape) {
  std::vector<float> plane;
  for (std::int64_t y = 0; y < shape[0]; ++y) {
    for (std::int64_t x = 0; x < shape[1]; ++x)
      plane.push_back(static_cast<float>(std::sin(0.7 * double(y)) + std::cos(0.3 * double(x))));
  }
  return plane;
}

// The same from the formula, in double precision.
double sample(const std::vector<float>& plane, const PlaneShape& from, const PlaneShape& to, std::int64_t y,
              std::int64_t x) {
  const auto place = [](std::int64_t i, std::int64_t n, std::int64_t m) {
    return std::max(0.0, double(n) / double(m) * (double(i) + 0.5) - 0.5);
  };
  const double py = place(y, from[0], to[0]);
  const double px = place(x, from[1], to[1]);
  double sum = 0;
  for (const std::int64_t dy : {0, 1}) {
    for (const std::int64_t dx : {0, 1}) {
      const std::int64_t sy = std::min(std::int64_t(py) + dy, from[0] - 1);
      const std::int64_t sx = std::min(std::int64_t(px) + dx, from[1] - 1);
      const double wy = dy == 1 ? py - std::floor(py) : 1 - (py - std::floor(py));
      const double wx = dx == 1 ? px - std::floor(px) : 1 - (px - std::floor(px));
      sum += wy * wx * double(plane[static_cast<std::size_t>(sy * from[1] + sx)]);
    }
  }
  return sum;
}

TEST_CASE("bilinear: the formula, larger, smaller and of one pixel, for any number of threads", "[image]") {
  const std::vector<std::pair<PlaneShape, PlaneShape>> cases{
      {{16, 20}, {133, 70}}, {{90, 50}, {31, 200}}, {{1, 1}, {5, 3}}, {{7, 1}, {3, 9}}, {{3, 4}, {3, 4}}};
  for (const auto& [from, to] : cases) {
    const std::vector<float> plane = wavy(from);
    const std::vector<float> one = resize_bilinear(plane.data(), from[1], from, to, 1);
    CHECK(one == resize_bilinear(plane.data(), from[1], from, to, 3));
    double worst = 0;
    for (std::int64_t y = 0; y < to[0]; ++y) {
      for (std::int64_t x = 0; x < to[1]; ++x)
        worst = std::max(worst, std::fabs(sample(plane, from, to, y, x) -
                                          double(one[static_cast<std::size_t>(y * to[1] + x)])));
    }
    CHECK(worst < 5e-6);
  }
}

TEST_CASE("bilinear: rows in any order are those of the plane", "[image]") {
  const PlaneShape from{9, 11};
  const PlaneShape to{40, 25};
  const std::vector<float> plane = wavy(from);
  const std::vector<float> whole = resize_bilinear(plane.data(), from[1], from, to, 1);
  BilinearRows rows([&](std::int64_t y) { return plane.data() + y * from[1]; }, from, to);
  for (const std::int64_t y : {39, 0, 20, 19, 21, 3, 38}) {
    const float* row = rows.row(y);
    CHECK(std::vector<float>(row, row + to[1]) ==
          std::vector<float>(whole.begin() + y * to[1], whole.begin() + (y + 1) * to[1]));
  }
}

}  // namespace
}  // namespace musclemap::image
