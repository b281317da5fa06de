#include "image/resample/volume_resize.hpp"

#include <cmath>

#include "image/resample/opencv_resize.hpp"
#include "support/catch.hpp"

namespace musclemap::image {
namespace {

FloatVolume waves(std::int64_t depth, std::int64_t height, std::int64_t width) {
  FloatVolume volume(depth, height, width);
  for (std::size_t n = 0; n < volume.values.size(); ++n) {
    volume.values[n] = std::sin(static_cast<float>(n) * 0.7F);
  }
  return volume;
}

TEST_CASE("volume resize: planes as OpenCV resizes them, then along z", "[image]") {
  const FloatVolume from = waves(4, 6, 5);
  const FloatVolume planes = resize_volume(from, 4, 9, 3, 2);
  FloatPlane plane(6, 5);
  std::copy_n(from.row(2, 0), 30, plane.values.begin());
  const FloatPlane resized = resize_linear(plane, 9, 3, 1);
  CHECK(std::equal(resized.values.begin(), resized.values.end(), planes.row(2, 0)));
  const FloatVolume deep = resize_volume(from, 7, 9, 3, 1);
  FloatPlane upright(4, 3);
  for (std::int64_t z = 0; z < 4; ++z) std::copy_n(planes.row(z, 5), 3, upright.row(z));
  const FloatPlane along = resize_linear(upright, 7, 3, 1);
  for (std::int64_t z = 0; z < 7; ++z) CHECK(std::equal(along.row(z), along.row(z) + 3, deep.row(z, 5)));
  CHECK(resize_volume(from, 4, 6, 5, 2).values == from.values);
}

}  // namespace
}  // namespace musclemap::image
