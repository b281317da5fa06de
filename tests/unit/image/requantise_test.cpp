#include "image/requantise.hpp"

#include <cmath>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::image {
namespace {

TEST_CASE("requantise: an int16 file moves signed zeros and keeps those of data that starts at zero",
          "[image]") {
  std::vector<float> shifted{-500, 0, 374};
  requantise(shifted.data(), shifted.size(), "int16");
  CHECK(std::fabs(shifted[1] - -0.0056) < 2e-3);
  CHECK(shifted[1] != 0);
  std::vector<float> positive{0, 100, 4095};
  requantise(positive.data(), positive.size(), "int16");
  CHECK(std::fabs(positive[0]) < 1e-3);
  std::vector<float> floats{0.1F, 0.2F};
  requantise(floats.data(), floats.size(), "float32");
  CHECK(floats[0] == 0.1F);
}

}  // namespace
}  // namespace musclemap::image
