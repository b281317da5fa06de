#include "image/steps/resample_half_pixel.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "support/catch.hpp"
#include "support/grids.hpp"
#include "support/shared_data.hpp"
#include "unit/image/steps/memory_field.hpp"

namespace musclemap::image {
namespace {

ResampleHalfPixel to_shape(const Index3& from, const Index3& to) {
  ResampleHalfPixel step;
  for (std::size_t axis = 0; axis < 3; ++axis)
    step.spacing_mm[axis] = static_cast<double>(from[axis]) / static_cast<double>(to[axis]);
  return step;
}

std::vector<float> resampled(const std::vector<float>& values, const Index3& from, const Index3& to) {
  test::MemoryField field(from, values);
  const ResampleHalfPixel step = to_shape(from, to);
  CHECK(forward(step, {from}, {}).shape == to);
  const auto result = apply(step, field, {from}, {}, 2);
  return result ? result->values(whole(to)) : values;
}

// The vectors have x fastest.
std::vector<double> z_fastest(const nlohmann::json& values, const Index3& shape) {
  std::vector<double> result;
  for (std::int64_t x = 0; x < shape[0]; ++x) {
    for (std::int64_t y = 0; y < shape[1]; ++y) {
      for (std::int64_t z = 0; z < shape[2]; ++z)
        result.push_back(
            values.at(static_cast<std::size_t>((z * shape[1] + y) * shape[0] + x)).get<double>());
    }
  }
  return result;
}

// What undo() does to scores of a grid of `from` on their way to one of `to`.
std::vector<float> taken_back(const std::vector<float>& values, const Index3& from, const Index3& to) {
  WayBack back{whole(from), from, nullptr};
  undo(to_shape(to, from), {to}, {}, &back);
  CHECK(back.target == to);
  REQUIRE(back.resampler != nullptr);
  test::MemoryField field(from, values);
  std::vector<std::vector<float>> slices;
  for (std::int64_t z = 0; z < from[2]; ++z) slices.push_back(field.values(slice_of(whole(from), z)));
  std::vector<float> result(static_cast<std::size_t>(to[0] * to[1] * to[2]));
  SampleRow row;
  for (std::int64_t x = 0; x < to[0]; ++x) {
    for (std::int64_t z = 0; z < to[2]; ++z) {
      back.resampler->row(x, z, &row);
      for (std::int64_t y = 0; y < to[1]; ++y) {
        result[static_cast<std::size_t>((x * to[1] + y) * to[2] + z)] =
            sample(*back.resampler, row, static_cast<std::size_t>(y),
                   [&](std::int64_t s) { return slices[static_cast<std::size_t>(s)].data(); });
      }
    }
  }
  return result;
}

void check_close(const std::vector<float>& found, const std::vector<double>& expected, double tolerance) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t n = 0; n < found.size(); ++n) CHECK(std::fabs(found[n] - expected[n]) <= tolerance);
}

TEST_CASE("resample half pixel: vectors of scikit-image, cubic there and linear back", "[image]") {
  const auto folder = test::shared_data();
  if (folder.empty()) return;
  std::ifstream file(folder / "totalsegmentator" / "vectors.json");
  const nlohmann::json vectors = nlohmann::json::parse(file).at("half_pixel_resize");
  const auto shape = vectors.at("shape").get<Index3>();
  const std::vector<double> numbers = z_fastest(vectors.at("data"), shape);
  const std::vector<float> data(numbers.begin(), numbers.end());
  for (const nlohmann::json& each : vectors.at("cases")) {
    const auto to = each.at("shape_out").get<Index3>();
    // In single precision, of values up to 1000.
    check_close(resampled(data, shape, to), z_fastest(each.at("order3"), to), 1e-4);
    check_close(taken_back(data, shape, to), z_fastest(each.at("order1"), to), 1e-4);
  }
}

TEST_CASE("resample half pixel: a line of scikit-image", "[image]") {
  check_close(resampled({0, 10, 40, 20}, {4, 1, 1}, {6, 1, 1}),
              {0, 1.447095812, 15.443083361, 37.906281544, 32.745190528, 17.887880636}, 1e-5);
  check_close(taken_back({0, 10, 40, 20}, {4, 1, 1}, {6, 1, 1}), {0, 5, 15, 35, 30, 20}, 1e-5);
}

TEST_CASE("resample half pixel: nothing leaves the range of the values", "[image]") {
  std::vector<float> edges(8 * 5 * 3, -1000);
  std::fill(edges.begin() + 60, edges.end(), 400.0F);
  const std::vector<float> found = resampled(edges, {8, 5, 3}, {17, 9, 4});
  CHECK(*std::min_element(found.begin(), found.end()) == -1000);
  CHECK(*std::max_element(found.begin(), found.end()) == 400);
}

TEST_CASE("resample half pixel: equal shapes stay the field below; the grid keeps its edges", "[image]") {
  const Grid from{{6, 5, 4}, test::scaled(2, 1, 3)};
  test::MemoryField field(from.shape, std::vector<float>(120, 1));
  CHECK(apply(ResampleHalfPixel{{2.1, 1, -1}}, field, from, {}, 1) == nullptr);
  CHECK(held_bytes(ResampleHalfPixel{{2.1, 1, -1}}, from) == 0);
  const ResampleHalfPixel step{{1, 1, -1}};
  const Grid to = forward(step, from, {});
  CHECK(to.shape == Index3{12, 5, 4});
  CHECK(to.to_world(0, 0) == 1);
  CHECK(to.to_world(0, 3) == -0.5);
  CHECK(held_bytes(step, from) == sizeof(double) * (6 + 24) * (5 + 24) * (4 + 24));
  CHECK_THROWS(forward(ResampleHalfPixel{{1e-5, 1, 1}}, from, {}));
}

}  // namespace
}  // namespace musclemap::image
