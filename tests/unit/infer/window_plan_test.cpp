#include "infer/window_plan.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "infer/window_weights.hpp"
#include "support/catch.hpp"

namespace musclemap::infer {
namespace {

using Starts = std::vector<std::int64_t>;

std::vector<float> importance_map(std::int64_t size) {
  return window_weights(Weight::gaussian_monai, {size, size, 1});
}

TEST_CASE("window starts: vectors of docs/chains/musclemap.md, section 10.1", "[infer]") {
  CHECK(window_starts(257, 256, 0.9) == Starts{0, 1});
  CHECK(window_starts(282, 256, 0.9) == Starts{0, 25, 26});
  CHECK(window_starts(300, 256, 0.9) == Starts{0, 25, 44});
  CHECK(window_starts(400, 256, 0.9) == Starts{0, 25, 50, 75, 100, 125, 144});
  const Starts dense = window_starts(512, 256, 0.9);
  CHECK(dense.size() == 12);
  CHECK(dense[10] == 250);
  CHECK(dense[11] == 256);
  CHECK(window_starts(257, 256, 0.75) == Starts{0, 1});
  CHECK(window_starts(282, 256, 0.75) == Starts{0, 26});
  CHECK(window_starts(400, 256, 0.75) == Starts{0, 64, 128, 144});
  CHECK(window_starts(512, 256, 0.75) == Starts{0, 64, 128, 192, 256});
  CHECK(window_starts(400, 256, 0.5) == Starts{0, 128, 144});
  CHECK(window_starts(256, 256, 0.5) == Starts{0});
  const Starts legacy = window_starts(256, 128, 0.9);
  CHECK(legacy.size() == 12);
  CHECK(legacy[1] == 12);
  CHECK(legacy[11] == 128);
  CHECK(window_starts(300, 128, 0.75) == Starts{0, 32, 64, 96, 128, 160, 172});
  CHECK(window_starts(300, 128, 0.5) == Starts{0, 64, 128, 172});
}

TEST_CASE("window starts: the step is the truncated double product", "[infer]") {
  const auto step = [](double overlap) { return window_starts(100000, 256, overlap)[1]; };
  CHECK(step(0.8) == 51);
  CHECK(step(0.7) == 76);
  CHECK(step(0.6) == 102);
  CHECK(step(0.95) == 12);
  CHECK(step(0.99) == 2);
  CHECK(step(0.9999) == 1);
}

TEST_CASE("plan: an image smaller than the window is padded on both sides, the smaller half below",
          "[infer]") {
  const AxisPlan plan = plan_axis(257, 320, 0.5);
  CHECK(plan.pad_low == 31);
  CHECK(plan.starts == Starts{0});
  CHECK(plan_axis(400, 320, 0.5).pad_low == 0);
}

TEST_CASE("plan: windows that lie in the padding are left out", "[infer]") {
  CHECK(plan_axis(200, 128, 0.0, 256).starts == Starts{0, 128});
  CHECK(plan_axis(128, 128, 0.0, 256).starts == Starts{0});
  CHECK(plan_axis(100, 128, 0.5, 256).starts == Starts{0, 64});
  CHECK(plan_axis(10, 320, 0.5, 256).starts == Starts{0});
}

TEST_CASE("importance map: vectors of docs/chains/musclemap.md, section 10.2", "[infer]") {
  const auto near = [](float value, double expected) { return std::fabs(value / expected - 1) < 2e-7; };
  const std::vector<float> small = importance_map(8);
  const std::vector<double> corner{.001,         .001,         .001,        .00193045416,  //
                                   .001,         .00193045416, .0142642343, .0387742072,   //
                                   .001,         .0142642343,  .105399221,  .286504805,    //
                                   .00193045416, .0387742072,  .286504805,  .778800786};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      CHECK(near(small[i * 8 + j], corner[i * 4 + j]));
      CHECK(small[i * 8 + j] == small[(7 - i) * 8 + (7 - j)]);
    }
  }
  const std::vector<float> map = importance_map(256);
  CHECK(near(map[64 * 256 + 64], .0194921363));
  CHECK(near(map[128 * 256 + 64], .139597192));
  CHECK(near(map[129 * 256 + 128], .99878001));
  CHECK(near(map[128 * 256 + 128], .999755859375));
  CHECK(std::count(map.begin(), map.end(), 0.001F) == 21072);
  CHECK(std::fabs(std::accumulate(map.begin(), map.end(), 0.0) - 6448.639382) < 1e-3);
  const std::vector<float> half = importance_map(128);
  CHECK(near(half[32 * 128 + 32], .0207340792));
  CHECK(std::count(half.begin(), half.end(), 0.001F) == 5288);
  CHECK(std::fabs(std::accumulate(half.begin(), half.end(), 0.0) - 1612.159528) < 1e-3);
}

// TotalSegmentator's vectors, computed with nnU-Net 2.8.1's own functions.
TEST_CASE("plan: nnU-Net's windows are as few equal steps as reach the end", "[infer]") {
  const auto starts = [](const Index3& image, const Index3& window, double step) {
    WindowSpec windows{window, step};
    windows.placement = Placement::nnunet;
    const WindowPlan plan = plan_windows(windows, image);
    return std::vector<Starts>{plan.axes[0].starts, plan.axes[1].starts, plan.axes[2].starts};
  };
  const Index3 cube{128, 128, 128};
  CHECK(starts({200, 240, 300}, cube, 0.5) ==
        std::vector<Starts>{{0, 36, 72}, {0, 56, 112}, {0, 57, 115, 172}});
  CHECK(starts({200, 240, 300}, cube, 0.8) == std::vector<Starts>{{0, 72}, {0, 56, 112}, {0, 86, 172}});
  CHECK(starts({128, 229, 255}, cube, 0.5) == std::vector<Starts>{{0}, {0, 50, 101}, {0, 64, 127}});
  CHECK(starts({128, 229, 255}, cube, 0.8) == std::vector<Starts>{{0}, {0, 101}, {0, 64, 127}});
  CHECK(starts({110, 65, 64}, {64, 64, 64}, 0.5) == std::vector<Starts>{{0, 23, 46}, {0, 1}, {0}});
  CHECK(starts({66, 64, 64}, {64, 64, 64}, 1e-300) == std::vector<Starts>{{0, 1, 2}, {0}, {0}});
  CHECK(starts({111, 130, 333}, {112, 128, 160}, 0.8) == std::vector<Starts>{{0}, {0, 2}, {0, 86, 173}});
}

TEST_CASE("plan: an axis that windows have no extent on is swept", "[infer]") {
  const WindowPlan plan = plan_windows({{32, 32, 1}, 0.9}, {40, 32, 3});
  CHECK(plan.axes[2].starts == Starts{0, 1, 2});
  CHECK(plan.windows() == 4 * 1 * 3);
}

std::string half_bits(const std::vector<float>& values) {
  std::string bytes;
  for (const float value : values) {
    const int exponent = std::max(std::ilogb(value), -14);
    const auto digits = static_cast<unsigned>(std::ldexp(value, 10 - exponent));
    const unsigned bits =
        digits < 1024 ? digits : (static_cast<unsigned>(exponent + 15) << 10U) + digits - 1024;
    bytes += {static_cast<char>(bits & 0xffU), static_cast<char>(bits >> 8U)};
  }
  return bytes;
}

TEST_CASE("window weights: nnU-Net's Gaussian, every half", "[infer]") {
  const auto check = [](const Index3& size, double sum, std::int64_t least, const char* sha256) {
    const std::vector<float> map = window_weights(Weight::gaussian_nnunet, size);
    CHECK(std::fabs(std::accumulate(map.begin(), map.end(), 0.0) / sum - 1) < 1e-12);
    CHECK(std::count(map.begin(), map.end(), std::ldexp(1.0F, -24)) == least);
    CHECK(base::sha256_hex(half_bits(map)) == sha256);
  };
  check({24, 80, 64}, 37791.83678042889, 1147,
        "90fee5ae37fc33a822af73527350623aa4da7f738c3a753732802d77b3a80791");
  check({112, 112, 128}, 493812.70474362373, 14647,
        "20759f600903ed6c5387ca54224a9abf600ce9a345413322f846d676cff437af");
  check({128, 128, 128}, 644986.1604437828, 18987,
        "de8255c4469d04e54263602544f39b2d9ab145b280d6647133fdc4a36c74af9a");
}

}  // namespace
}  // namespace musclemap::infer
