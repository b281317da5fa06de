#include "image/resample/opencv_resize.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "support/catch.hpp"
#include "support/npy_array.hpp"
#include "support/shared_data.hpp"

namespace musclemap::image {
namespace {

constexpr double kTolerance = 1e-6;

/// A channel of [y][x][channel].
FloatPlane channel_of(const test::NpyArray& array, std::size_t channel) {
  FloatPlane plane(array.shape[0], array.shape[1]);
  const std::size_t channels = array.shape.size() > 2 ? static_cast<std::size_t>(array.shape[2]) : 1;
  for (std::size_t i = 0; i < plane.values.size(); ++i) {
    plane.values[i] = static_cast<float>(array.values[i * channels + channel]);
  }
  return plane;
}

TEST_CASE("opencv resize: a plane keeps its values at its own size", "[image]") {
  FloatPlane plane(3, 2);
  plane.values = {1, -2, 3, 4, 5.5F, 1e6F};
  CHECK(resize_linear(plane, 3, 2, 1).values == plane.values);
}

TEST_CASE("opencv resize: one pixel fills any size", "[image]") {
  FloatPlane plane(1, 1);
  plane.values = {7};
  const FloatPlane wide = resize_linear(plane, 5, 4, 2);
  CHECK(wide.values == std::vector<float>(20, 7.0F));
}

TEST_CASE("opencv resize: threads change nothing", "[image]") {
  FloatPlane plane(70, 41);
  for (std::size_t i = 0; i < plane.values.size(); ++i) plane.values[i] = std::sin(static_cast<float>(i));
  CHECK(resize_linear(plane, 201, 97, 1).values == resize_linear(plane, 201, 97, 3).values);
}

TEST_CASE("opencv resize: rows that come one after the other are those of the plane", "[image]") {
  std::vector<FloatPlane> planes(2, FloatPlane(150, 41));
  for (std::size_t i = 0; i < planes[0].values.size(); ++i) {
    planes[0].values[i] = std::sin(static_cast<float>(i));
    planes[1].values[i] = std::cos(static_cast<float>(i) * 0.3F);
  }
  for (const auto& [height, width] :
       std::vector<std::pair<std::int64_t, std::int64_t>>{{400, 97}, {150, 41}, {9, 5}, {149, 80}, {1, 1}}) {
    CAPTURE(height, width);
    const FloatPlane first = resize_linear(planes[0], height, width, 1);
    const FloatPlane second = resize_linear(planes[1], height, width, 2);
    PlaneRows source(planes);
    ResizedRows rows(source, height, width, 2);
    std::int64_t next = 1;
    for (std::int64_t y = 0; y < height;) {
      const std::int64_t count = std::min(next, height - y);
      std::vector<float> found(static_cast<std::size_t>(2 * count * width));
      rows.read(y, count, found.data(), count * width);
      CHECK(std::equal(first.row(y), first.row(y) + count * width, found.begin()));
      CHECK(std::equal(second.row(y), second.row(y) + count * width, found.begin() + count * width));
      y += count;
      next = next * 3 % 101;
    }
  }
}

TEST_CASE("opencv resize: the step to the nearest pixel is rounded as OpenCV rounds it", "[image]") {
  // 10 / 98 and 1 / (98 / 10) differ in their last bit; pixel 49 is the first of which floor() tells.
  CHECK(nearest_indices(10, 98)[49] == 4);
  CHECK(nearest_indices(5, 5) == std::vector<std::int64_t>{0, 1, 2, 3, 4});
}

TEST_CASE("opencv resize: planes are those of OpenCV", "[image]") {
  const std::filesystem::path data = test::shared_data();
  if (data.empty()) return;
  const std::filesystem::path folder = data / "cellpose";
  const test::NpyArray source = test::read_npy(folder / "resize.src.npy");
  for (const char* name : {"up", "down", "half", "mixed"}) {
    CAPTURE(name);
    const test::NpyArray expected = test::read_npy(folder / ("resize." + std::string(name) + ".npy"));
    double largest = 0;
    for (std::size_t c = 0; c < static_cast<std::size_t>(source.shape.at(2)); ++c) {
      const FloatPlane wanted = channel_of(expected, c);
      const FloatPlane found = resize_linear(channel_of(source, c), wanted.height, wanted.width, 2);
      for (std::size_t i = 0; i < found.values.size(); ++i) {
        largest = std::max(largest, std::abs(static_cast<double>(found.values[i] - wanted.values[i])));
      }
    }
    CHECK(largest <= kTolerance);
  }
  const test::NpyArray mask = test::read_npy(folder / "resize.mask.npy");
  for (const char* name : {"mask_nn_22x30", "mask_nn_97x131"}) {
    CAPTURE(name);
    const test::NpyArray expected = test::read_npy(folder / ("resize." + std::string(name) + ".npy"));
    CHECK(resize_nearest(mask.values.data(), mask.shape[0], mask.shape[1], expected.shape[0],
                         expected.shape[1]) == expected.values);
  }
}

}  // namespace
}  // namespace musclemap::image
