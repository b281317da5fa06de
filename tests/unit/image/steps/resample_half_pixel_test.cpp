#include "image/steps/resample_half_pixel.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "image/held_field.hpp"
#include "image/transposed_field.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/grids.hpp"
#include "support/shared_data.hpp"
#include "unit/image/steps/memory_field.hpp"
#include "unit/image/steps/vectors.hpp"

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
  WayBack back{whole(from), from, nullptr, {}};
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
  CHECK(held_bytes(ResampleHalfPixel{{2.1, 1, -1}}, from, 1) == 0);
  const ResampleHalfPixel step{{1, 1, -1}};
  const Grid to = forward(step, from, {});
  CHECK(to.shape == Index3{12, 5, 4});
  CHECK(to.to_world(0, 0) == 1);
  CHECK(to.to_world(0, 3) == -0.5);
  CHECK(held_bytes(step, from, 1) > sizeof(double) * (6 + 24) * (5 + 24) * (4 + 24));
  CHECK_THROWS(forward(ResampleHalfPixel{{1e-5, 1, 1}}, from, {}));
}

Index3 reversed(const Index3& shape) { return {shape[2], shape[1], shape[0]}; }

Spacing reversed(const Spacing& spacing) { return {spacing[2], spacing[1], spacing[0]}; }

Grid spaced(const Index3& shape, const Spacing& mm) { return {shape, test::scaled(mm[0], mm[1], mm[2])}; }

TEST_CASE("resample half pixel: vectors of nnU-Net for all orders", "[image]") {
  const nlohmann::json vectors = test::vectors_of("half_pixel_resize");
  if (vectors.is_null()) return;
  const auto shape = vectors.at("shape").get<Index3>();
  test::MemoryField field(shape, test::other_order(vectors.at("data").get<std::vector<float>>(), shape));
  for (const nlohmann::json& each : vectors.at("cases")) {
    const auto to = each.at("shape_out").get<Index3>();
    ResampleHalfPixel step = to_shape(shape, to);
    step.separate = SeparateAxis::never;
    for (const auto order : {Interpolation::nearest, Interpolation::linear, Interpolation::cubic_spline}) {
      step.values = order;
      const auto zoomed = apply(step, field, {shape}, {}, 2);
      const std::string key = "order" + std::to_string(static_cast<int>(order));
      CHECK(test::apart(test::x_fastest(*zoomed, to), each.at(key).get<std::vector<double>>()) < 1e-4);
    }
  }
}

TEST_CASE("resample half pixel: vectors of nnU-Net with a separate axis, along every axis", "[image]") {
  const nlohmann::json vectors = test::vectors_of("separate_axis_resize");
  if (vectors.is_null()) return;
  const Index3 shape = reversed(vectors.at("shape").get<Index3>());
  test::MemoryField field(shape, test::other_order(vectors.at("data").get<std::vector<float>>(), shape));
  for (const nlohmann::json& each : vectors.at("cases")) {
    const Index3 to = reversed(each.at("shape_out").get<Index3>());
    const Spacing from_mm = reversed(each.at("spacing_in").get<Spacing>());
    ResampleHalfPixel step{reversed(each.at("spacing_out").get<Spacing>())};
    step.values = each.at("order") == 1 ? Interpolation::linear : Interpolation::cubic_spline;
    const Grid from = spaced(shape, from_mm);
    REQUIRE(forward(step, from, {}).shape == to);
    const std::vector<float> found = test::x_fastest(*apply(step, field, from, {}, 2), to);
    CHECK(test::apart(found, each.at("out").get<std::vector<double>>()) < 1e-6);
    // The same with x, then y, as the thick axis.
    for (const std::size_t thick : {std::size_t{0}, std::size_t{1}}) {
      const auto swapped = [&](auto values) {
        std::swap(values[thick], values[2]);
        return values;
      };
      Axes axes{0, 1, 2};
      std::swap(axes[thick], axes[2]);
      TransposedField turned_field(field, axes);
      ResampleHalfPixel turned_step = step;
      turned_step.spacing_mm = swapped(step.spacing_mm);
      const Grid turned_from = spaced(swapped(shape), swapped(from_mm));
      const auto behind = apply(turned_step, turned_field, turned_from, {}, 1);
      TransposedField back(*behind, axes);
      CHECK(test::apart(test::x_fastest(back, to), found) < 1e-6);
    }
  }
}

TEST_CASE("resample half pixel: which axis is separate, there and back", "[image]") {
  const auto axis_back = [](const Spacing& from, const Spacing& to, SeparateAxis rule) {
    ResampleHalfPixel step{to};
    step.separate = rule;
    WayBack back;
    undo(step, spaced({20, 20, 20}, from), {}, &back);
    REQUIRE(back.half_pixel.has_value());
    CHECK(back.half_pixel->to == Index3{20, 20, 20});
    CHECK((back.resampler == nullptr) == (back.half_pixel->separate_axis >= 0));
    return back.half_pixel->separate_axis;
  };
  // On the way back one comes from the grid of the plan.
  CHECK(axis_back({1, 1, 3.1}, {1, 1, 1.5}, SeparateAxis::by_spacing) == 2);
  CHECK(axis_back({1, 1, 3}, {1, 1, 1.5}, SeparateAxis::by_spacing) == -1);
  CHECK(axis_back({1, 1, 5}, {4, 1, 1}, SeparateAxis::by_spacing) == 0);
  CHECK(axis_back({1, 5, 1}, {1, 1, 1.1}, SeparateAxis::by_spacing) == 1);
  CHECK(axis_back({0.24, 1.25, 1.25}, {1, 1, 1}, SeparateAxis::by_spacing) == -1);
  CHECK(axis_back({1, 1, 5}, {1, 1, 4}, SeparateAxis::never) == -1);
  CHECK(axis_back({1, 1, 1.3}, {1, 1, 1.1}, SeparateAxis::always) == 2);
  CHECK(axis_back({1, 1, 1.3}, {1.1, 1.1, 1.1}, SeparateAxis::always) == -1);
  // Where it keeps its length there is nothing to pick: all three axes together do the same.
  WayBack back;
  undo(ResampleHalfPixel{{1.5, 1.5, -1}}, spaced({20, 20, 20}, {1, 1, 5}), {}, &back);
  CHECK(back.half_pixel->separate_axis == 2);
  CHECK(back.resampler != nullptr);
}

TEST_CASE("resample half pixel: threads, blocks and the order of slices change nothing", "[image]") {
  const Index3 shape{7, 8, 5};
  std::vector<float> values;
  for (int n = 0; n < 280; ++n) values.push_back(std::sin(1.7F * static_cast<float>(n)));
  test::MemoryField field(shape, values);
  for (const Spacing& mm : {Spacing{1, 1, 1.2}, Spacing{1, 1, 5}, Spacing{5, 1, 1}}) {
    const Grid from = spaced(shape, mm);
    const ResampleHalfPixel step{{.8, .9, 1.1}};
    const Grid to = forward(step, from, {});
    const auto one = apply(step, field, from, {}, 1);
    const std::vector<float> all = one->values(whole(to.shape));
    const auto three = apply(step, field, from, {}, 3);
    HeldField held(*three, to.shape, true);
    CHECK(held.values(whole(to.shape)) == all);
    CHECK(three->values({{1, 2, 1}, {5, 3, 3}}) == held.values({{1, 2, 1}, {5, 3, 3}}));
    CHECK(held_bytes(step, from, 1) > 0);
  }
}

TEST_CASE("resample half pixel: every channel is resampled as if it were alone", "[image]") {
  const Index3 shape{7, 8, 5};
  std::vector<float> values;
  for (int n = 0; n < 280; ++n) values.push_back(std::sin(1.7F * static_cast<float>(n)));
  test::MemoryField first(shape, values);
  test::TwoChannels both(first);
  for (const Spacing& mm : {Spacing{1, 1, 1.2}, Spacing{1, 1, 5}, Spacing{1, 5, 1}}) {
    const Grid from = spaced(shape, mm);
    for (const auto order : {Interpolation::nearest, Interpolation::linear, Interpolation::cubic_spline}) {
      ResampleHalfPixel step{{.8, .9, 1.1}};
      step.values = order;
      const Block all = whole(forward(step, from, {}).shape);
      const std::vector<float> alone = apply(step, first, from, {}, 1)->values(all);
      const std::vector<float> together = apply(step, both, from, {}, 2)->values(all);
      REQUIRE(together.size() == 2 * alone.size());
      for (std::size_t n = 0; n < alone.size(); ++n) {
        CHECK(together[n] == alone[n]);
        CHECK(together[alone.size() + n] == -alone[n]);
      }
    }
  }
}

TEST_CASE("resample half pixel: a single voxel, and a grid that would be too large", "[image]") {
  CHECK(resampled({3}, {1, 1, 1}, {4, 2, 3}) == std::vector<float>(24, 3));
  CHECK(test::contains(test::error_of([] {
                         forward(ResampleHalfPixel{{1e-4, 1, 1}}, {{4, 4, 4}}, {});
                       }),
                       "geometry/limit"));
}

}  // namespace
}  // namespace musclemap::image
