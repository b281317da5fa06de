#include "infer/window_plan.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::infer {
namespace {

using Starts = std::vector<std::int64_t>;

TEST_CASE("window starts: vectors of the MuscleMap spec, section 10.1", "[infer]") {
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

TEST_CASE("importance map: vectors of the MuscleMap spec, section 10.2", "[infer]") {
  const auto near = [](float value, double expected) { return std::fabs(value / expected - 1) < 2e-7; };
  const std::vector<float> small = importance_map(8, 8);
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
  const std::vector<float> map = importance_map(256, 256);
  CHECK(near(map[64 * 256 + 64], .0194921363));
  CHECK(near(map[128 * 256 + 64], .139597192));
  CHECK(near(map[129 * 256 + 128], .99878001));
  CHECK(near(map[128 * 256 + 128], .999755859375));
  CHECK(std::count(map.begin(), map.end(), 0.001F) == 21072);
  CHECK(std::fabs(std::accumulate(map.begin(), map.end(), 0.0) - 6448.639382) < 1e-3);
  const std::vector<float> half = importance_map(128, 128);
  CHECK(near(half[32 * 128 + 32], .0207340792));
  CHECK(std::count(half.begin(), half.end(), 0.001F) == 5288);
  CHECK(std::fabs(std::accumulate(half.begin(), half.end(), 0.0) - 1612.159528) < 1e-3);
}

}  // namespace
}  // namespace musclemap::infer
