#include "image/reflected_gaussian.hpp"

#include <cmath>

#include "support/catch.hpp"

namespace musclemap::image {
namespace {

// Numbers of scipy.ndimage.gaussian_filter1d(..., mode="reflect") and gaussian_filter() of SciPy 1.16.
TEST_CASE("reflected Gaussian: lines as SciPy smooths them", "[image]") {
  const std::vector<float> line{0, 1, 4, 9, 16, 25, 36};
  const std::vector<float> smooth = ReflectedGaussian(1).smoothed(line);
  const std::vector<double> expected{0.572887063, 1.93197215, 4.99509478, 9.9980545,
                                     16.9370937,  25.1165009, 31.4483948};
  REQUIRE(smooth.size() == line.size());
  for (std::size_t n = 0; n < line.size(); ++n) {
    CHECK(static_cast<double>(smooth[n]) == Approx(expected[n]).epsilon(1e-7));
  }
  CHECK(ReflectedGaussian(3).smoothed({2})[0] == Approx(2));
}

TEST_CASE("reflected Gaussian: a volume along z, y and x, the same for any number of threads", "[image]") {
  FloatVolume volume(3, 4, 5);
  for (std::size_t n = 0; n < volume.values.size(); ++n) volume.values[n] = static_cast<float>(n * n % 23);
  FloatVolume other = volume;
  smooth_volume(0.8, 1, &volume);
  smooth_volume(0.8, 2, &other);
  CHECK(volume.values == other.values);
  const std::vector<double> expected{3.12018752, 4.03588629, 5.4179039,  8.32526016, 10.9472551,
                                     4.99952459, 6.75549507, 7.65314579, 9.72382259, 11.3209391};
  for (std::size_t n = 0; n < expected.size(); ++n) {
    CHECK(static_cast<double>(volume.values[n]) == Approx(expected[n]).epsilon(1e-6));
  }
  smooth_volume(0, 2, &other);
  CHECK(volume.values == other.values);
}

}  // namespace
}  // namespace musclemap::image
