#include "image/steps/transpose.hpp"

#include <vector>

#include "image/steps/crop_nonzero.hpp"
#include "image/steps/reorient.hpp"
#include "support/catch.hpp"
#include "support/grids.hpp"
#include "unit/image/steps/memory_field.hpp"
#include "unit/image/steps/vectors.hpp"

namespace musclemap::image {
namespace {

std::vector<float> numbered(const Index3& shape) {
  std::vector<float> values;
  for (std::int64_t n = 0; n < shape[0] * shape[1] * shape[2]; ++n)
    values.push_back(static_cast<float>(n + 1));
  return values;
}

// Labels [z][y][x] taken back through steps whose undo was called on `back`.
std::vector<float> taken_back(const LabelsBack& back, const std::vector<float>& labels, const Index3& from) {
  std::vector<float> result;
  const Index3 shape = back.target();
  for (std::int64_t z = 0; z < shape[2]; ++z) {
    std::vector<float> slice(static_cast<std::size_t>(shape[0] * shape[1]));
    take_back(back, labels.data(), from, z, slice.data());
    result.insert(result.end(), slice.begin(), slice.end());
  }
  return result;
}

TEST_CASE("transpose: axis k of the array is axis forward[k] of the one before", "[image]") {
  const Index3 shape{2, 3, 4};  // x, y, z: the array is 4 x 3 x 2
  Grid from{shape, test::scaled(1, 2, 3)};
  from.stated_mm = {1, 2, 3};
  const Transpose step{{2, 0, 1}};
  const Grid to = forward(step, from, {});
  CHECK(to.shape == Index3{3, 4, 2});  // the array is 2 x 4 x 3
  CHECK(to.stated_mm == Spacing{2, 3, 1});
  CHECK(to.to_world(1, 0) == 2);
  CHECK(to.to_world(2, 1) == 3);
  CHECK(to.to_world(0, 2) == 1);
  test::MemoryField field(shape, numbered(shape));
  const auto behind = apply(step, field, from, {}, 1);
  CHECK(behind->values({{1, 2, 0}, {2, 3, 1}}) == field.values({{0, 1, 2}, {1, 2, 3}}));
  CHECK(apply(Transpose{}, field, from, {}, 1) == nullptr);
  CHECK_THROWS(forward(Transpose{{0, 0, 1}}, from, {}));
  CHECK_THROWS(forward(Transpose{{0, 3, 1}}, from, {}));
}

TEST_CASE("transpose: labels come back to the voxel that they are of, for every order of the axes",
          "[image]") {
  const Index3 shape{2, 3, 4};
  const Grid from{shape};
  test::MemoryField field(shape, numbered(shape));
  for (const auto& order :
       {std::array<int, 3>{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}) {
    const Transpose step{order};
    const Grid to = forward(step, from, {});
    const auto behind = apply(step, field, from, {}, 1);
    const std::vector<float> labels = test::x_fastest(behind ? *behind : field, to.shape);
    LabelsBack back = labels_as_they_are(to.shape);
    undo_labels(step, from, {}, &back);
    CHECK(back.target() == shape);
    CHECK(taken_back(back, labels, to.shape) == test::x_fastest(field, shape));
  }
}

TEST_CASE("crop nonzero: the box of what is not 0, background around it on the way back", "[image]") {
  const Index3 shape{5, 6, 7};
  std::vector<float> values(5 * 6 * 7, 0);
  const auto at = [&](std::int64_t x, std::int64_t y, std::int64_t z) -> float& {
    return values[static_cast<std::size_t>((x * 6 + y) * 7 + z)];
  };
  at(1, 2, 3) = 1;
  at(3, 2, 5) = -2;
  at(2, 4, 3) = 3;
  test::MemoryField field(shape, values);
  const CropNonzero step;
  Grid from{shape, test::scaled(1, 1, 2)};
  from.stated_mm = {1, 1, 2.5};
  const Measured measured = test::measured(step, field, shape);
  CHECK(measured.box->begin == Index3{1, 2, 3});
  CHECK(measured.box->end == Index3{4, 5, 6});
  const Grid to = forward(step, from, measured);
  CHECK(to.shape == Index3{3, 3, 3});
  CHECK(to.to_world(2, 3) == 6);
  CHECK(to.stated_mm == from.stated_mm);
  const auto behind = apply(step, field, from, measured, 1);
  const std::vector<float> labels = test::x_fastest(*behind, to.shape);
  LabelsBack back = labels_as_they_are(to.shape);
  undo_labels(step, from, measured, &back);
  CHECK(taken_back(back, labels, to.shape) == test::x_fastest(field, shape));
  CHECK(apply(step, field, from, {}, 1) == nullptr);
}

TEST_CASE("crop nonzero: an image of zeros is left whole", "[image]") {
  test::MemoryField field({2, 3, 2}, std::vector<float>(12, 0));
  const Measured measured = test::measured(CropNonzero{}, field, {2, 3, 2});
  CHECK(measured.box->begin == Index3{0, 0, 0});
  CHECK(measured.box->end == Index3{2, 3, 2});
}

TEST_CASE("reorient, crop, transpose: undone in a row they give every label its voxel", "[image]") {
  const Index3 shape{3, 4, 5};
  const Grid stored{shape, multiply(test::scaled(-1, 1, -2), test::turned(2, 1.6))};
  const Orientation axes = orientation(Reorient{}, stored);
  const Grid ras = forward(Reorient{}, stored, {});
  Measured box;
  box.box = Block{{1, 0, 1}, {4, 2, 5}};
  const Grid cropped = forward(CropNonzero{}, ras, box);
  const Transpose turn{{1, 2, 0}};
  const Grid top = forward(turn, cropped, {});
  LabelsBack back = labels_as_they_are(top.shape);
  undo_labels(turn, cropped, {}, &back);
  undo_labels(CropNonzero{}, ras, box, &back);
  undo_labels(Reorient{}, stored, {}, &back);
  REQUIRE(back.target() == shape);
  std::vector<float> labels(static_cast<std::size_t>(top.shape[0] * top.shape[1] * top.shape[2]));
  for (std::size_t n = 0; n < labels.size(); ++n) labels[n] = static_cast<float>(n + 1);
  const std::vector<float> found = taken_back(back, labels, top.shape);
  // A voxel's place in the world is the same on both grids.
  const auto world = [](const Grid& grid, const Index3& voxel, int row) {
    double at = grid.to_world(row, 3);
    for (int axis = 0; axis < 3; ++axis)
      at += grid.to_world(row, axis) * static_cast<double>(voxel[static_cast<std::size_t>(axis)]);
    return at;
  };
  std::size_t labelled = 0;
  for (std::int64_t n = 0; n < static_cast<std::int64_t>(found.size()); ++n) {
    const auto label = static_cast<std::int64_t>(found[static_cast<std::size_t>(n)]) - 1;
    if (label < 0) continue;
    ++labelled;
    const Index3 here{n % 3, n / 3 % 4, n / 12};
    const Index3 there{label % top.shape[0], label / top.shape[0] % top.shape[1],
                       label / top.shape[0] / top.shape[1]};
    for (int row = 0; row < 3; ++row)
      CHECK(std::fabs(world(stored, here, row) - world(top, there, row)) < 1e-9);
  }
  CHECK(labelled == labels.size());
  CHECK(axes.flip != std::array<bool, 3>{});
}

}  // namespace
}  // namespace musclemap::image
