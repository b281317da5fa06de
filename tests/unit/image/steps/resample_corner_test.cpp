#include "image/steps/resample_corner.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "image/held_field.hpp"
#include "image/oriented_field.hpp"
#include "image/sub_field.hpp"
#include "image/volume_reader.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/grids.hpp"
#include "support/volumes.hpp"
#include "unit/image/steps/memory_field.hpp"
#include "unit/image/steps/vectors.hpp"

namespace musclemap::image {
namespace {

std::vector<float> waves(const Index3& shape) {
  std::vector<float> values;
  for (std::int64_t n = 0; n < shape[0] * shape[1] * shape[2]; ++n)
    values.push_back(std::round(900 * std::sin(1.7F * static_cast<float>(n))));
  return values;
}

TEST_CASE("resample corner: vectors of SciPy's zoom", "[image]") {
  const nlohmann::json vectors = test::vectors_of("corner_aligned_zoom");
  if (vectors.is_null()) return;
  const auto shape = vectors.at("shape").get<Index3>();
  test::MemoryField field(shape, test::other_order(vectors.at("data").get<std::vector<float>>(), shape));
  for (const nlohmann::json& each : vectors.at("cases")) {
    ResampleCorner step;
    const auto zoom = each.at("zoom").get<Spacing>();
    for (std::size_t axis = 0; axis < 3; ++axis) step.spacing_mm[axis] = 1 / zoom[axis];
    const Grid to = forward(step, {shape}, {});
    REQUIRE(to.shape == each.at("shape_out").get<Index3>());
    for (const auto order : {Interpolation::nearest, Interpolation::linear, Interpolation::cubic_spline}) {
      step.values = order;
      const auto zoomed = apply(step, field, {shape}, {}, 2);
      const std::string key = "order" + std::to_string(static_cast<int>(order));
      // In single precision, of values up to 1500.
      CHECK(test::apart(test::x_fastest(*zoomed, to.shape), each.at(key).get<std::vector<double>>()) < 1e-4);
    }
  }
}

TEST_CASE("resample corner: of two nearest voxels the upper one", "[image]") {
  const nlohmann::json vectors = test::vectors_of("corner_aligned_nearest_ties");
  for (const nlohmann::json& each : vectors) {
    const auto n = each.at("n_in").get<std::int64_t>();
    const auto n_to = each.at("n_out").get<std::int64_t>();
    for (std::int64_t i = 0; i < n_to; ++i)
      CHECK(nearest_index(n, n_to, i) == each.at("index").at(static_cast<std::size_t>(i)));
  }
  CHECK(nearest_index(9, 17, 1) == 1);
  CHECK(nearest_index(1, 5, 4) == 0);
  CHECK(nearest_index(5, 1, 0) == 0);
}

TEST_CASE("resample corner: labels come back through twice as many voxels as they were", "[image]") {
  const Index3 shape{5, 4, 3};
  const Grid from{shape, test::scaled(3, 3, 3)};
  const ResampleCorner step{{1.5, 1.5, 1.5}, Interpolation::nearest};
  const Grid to = forward(step, from, {});
  CHECK(to.shape == Index3{10, 8, 6});
  test::MemoryField field(shape, waves(shape));
  const auto there = apply(step, field, from, {}, 1);
  const std::vector<float> labels = test::x_fastest(*there, to.shape);
  LabelsBack back = labels_as_they_are(to.shape);
  undo_labels(step, from, {}, &back);
  REQUIRE(back.target() == shape);
  std::vector<float> found;
  for (std::int64_t z = 0; z < shape[2]; ++z) {
    std::vector<float> slice(static_cast<std::size_t>(shape[0] * shape[1]));
    take_back(back, labels.data(), to.shape, z, slice.data());
    found.insert(found.end(), slice.begin(), slice.end());
  }
  CHECK(found == test::x_fastest(field, shape));
}

TEST_CASE("resample corner: the affine's columns are divided, its origin stays", "[image]") {
  Grid from{{122, 101, 30}, test::scaled(3, -3, 3)};
  from.to_world(0, 3) = -177.956;
  const Grid to = forward(ResampleCorner{{1.5, 1.5, 6}}, from, {});
  CHECK(to.shape == Index3{244, 202, 15});
  CHECK(to.to_world(0, 0) == 1.5);
  CHECK(to.to_world(1, 1) == -1.5);
  CHECK(to.to_world(2, 2) == 6);
  CHECK(to.to_world(0, 3) == -177.956);
}

TEST_CASE("resample corner: equal sizes are left as they are, in single precision; stated ones count",
          "[image]") {
  const double size = 0.7;
  const auto stored = static_cast<double>(static_cast<float>(size));
  Grid from{{4, 4, 4}, test::scaled(size, size, size)};
  test::MemoryField field(from.shape, waves(from.shape));
  CHECK(apply(ResampleCorner{{stored, stored, stored}}, field, from, {}, 1) == nullptr);
  CHECK(apply(ResampleCorner{{size, size, size}}, field, from, {}, 1) != nullptr);
  from.stated_mm = {1, 1, 1};
  CHECK(apply(ResampleCorner{{1, 1, 1}}, field, from, {}, 1) == nullptr);
  CHECK(forward(ResampleCorner{{1, 1, 1}}, from, {}).stated_mm == from.stated_mm);
  CHECK(forward(ResampleCorner{{2, 2, 2}}, from, {}).shape == Index3{2, 2, 2});
}

TEST_CASE("resample corner: values are truncated toward zero, as the sum of their weights leaves them",
          "[image]") {
  const Index3 shape{6, 5, 4};
  test::MemoryField air(shape, std::vector<float>(120, -1024));
  ResampleCorner step{{0.7, 0.7, 0.7}, Interpolation::linear, true};
  const Grid to = forward(step, {shape}, {});
  const std::vector<float> found = apply(step, air, {shape}, {}, 1)->values(whole(to.shape));
  std::size_t lost = 0;
  for (const float value : found) {
    CHECK((value == -1024 || value == -1023));
    lost += value == -1023 ? 1 : 0;
  }
  CHECK(lost > 0);
  CHECK(lost < found.size() / 3);
}

TEST_CASE("resample corner: values have all their digits when they are truncated", "[image]") {
  const Geometry geometry = test::grid({2, 3, 2});
  VolumeReader reader(test::volume_of(geometry, std::vector<double>(12, 99.9999999999)));
  OrientedField field(reader, Orientation{});
  const ResampleCorner step{{0.5, 0.5, 0.5}, Interpolation::linear, true};
  CHECK(apply(step, field, {geometry.shape}, {}, 1)->values({{0, 0, 0}, {1, 1, 1}})[0] == 99);
  SubField part(field, {1, 1, 0});
  CHECK(apply(step, part, {{1, 2, 2}}, {}, 1)->values({{0, 0, 0}, {1, 1, 1}})[0] == 99);
}

TEST_CASE("resample corner: threads, blocks and the order of slices change nothing", "[image]") {
  const Index3 shape{13, 9, 7};
  const Grid from{shape, test::scaled(1.3, .8, 2)};
  test::MemoryField field(shape, waves(shape));
  for (const auto order : {Interpolation::nearest, Interpolation::linear, Interpolation::quadratic_spline,
                           Interpolation::cubic_spline, Interpolation::quintic_spline}) {
    const ResampleCorner step{{1, 1, 1.1}, order, true};
    const Grid to = forward(step, from, {});
    const auto one = apply(step, field, from, {}, 1);
    const std::vector<float> all = one->values(whole(to.shape));
    const auto three = apply(step, field, from, {}, 3);
    HeldField held(*three, to.shape, true);
    CHECK(held.values(whole(to.shape)) == all);
    const Block block{{2, 1, 3}, {to.shape[0] - 1, to.shape[1], 6}};
    CHECK(three->values(block) == held.values(block));
  }
}

TEST_CASE("resample corner: one voxel, and sizes that are too large or too small", "[image]") {
  test::MemoryField field({1, 1, 1}, {7.5F});
  const ResampleCorner step{{0.5, 0.5, 0.3}};
  CHECK(forward(step, {{1, 1, 1}}, {}).shape == Index3{2, 2, 3});
  CHECK(apply(step, field, {{1, 1, 1}}, {}, 1)->values(whole({2, 2, 3})) == std::vector<float>(12, 7.5F));
  const auto refusal = [](double mm) {
    return test::error_of([&] { forward(ResampleCorner{{mm, 1.5, 1}}, {{4, 4, 4}}, {}); });
  };
  CHECK(test::contains(refusal(1e-4), "geometry/limit"));
  CHECK(test::contains(refusal(1e-4), "axis x has 4 voxels"));
  CHECK(test::contains(refusal(9), "none"));
  CHECK(test::contains(refusal(std::numeric_limits<double>::denorm_min()), "geometry/limit"));
}

TEST_CASE("resample corner: orders that are not made are refused by number", "[image]") {
  CHECK(interpolation_of(3) == Interpolation::cubic_spline);
  CHECK(interpolation_of(5) == Interpolation::quintic_spline);
  for (const std::int64_t order : {6, -1, 256})
    CHECK(test::contains(test::error_of([&] { interpolation_of(order); }), "order " + std::to_string(order)));
}

}  // namespace
}  // namespace musclemap::image
