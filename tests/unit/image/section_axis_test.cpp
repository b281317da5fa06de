#include "image/section_axis.hpp"

#include <cmath>
#include <initializer_list>
#include <string>
#include <vector>

#include "musclemap/error.hpp"
#include "support/catch.hpp"

namespace musclemap::image {
namespace {

TEST_CASE("slice axis: the largest spacing, the first of equal ones, the third where all are", "[image]") {
  CHECK(slice_axis_of({1.005, 1, 1}) == 2);
  CHECK(slice_axis_of({3, 1, 1}) == 0);
  CHECK(slice_axis_of({2, 2, 1}) == 0);
  CHECK(slice_axis_of({1, 2, 1.5}) == 1);
  CHECK(slice_axis_of({1, 1, 1}) == 2);
  CHECK(slice_axis_of({1, 2, 2}) == 1);
  CHECK(slice_axis_of({0.9, 0.9, 4}) == 2);
  // The ratio must be below 1.01.
  CHECK(slice_axis_of({1.0099, 1, 1}) == 2);
  CHECK(slice_axis_of({1.01, 1, 1}) == 0);
  CHECK(slice_axis_of({1, 1.0101, 1}) == 1);
}

struct Case {
  const char* name;
  std::vector<double> columns;  // of the affine, one after the other
  int superior;
};

Affine affine_of(const std::vector<double>& columns) {
  Affine affine;
  for (int c = 0; c < 3; ++c) {
    for (int r = 0; r < 3; ++r) affine(r, c) = columns[static_cast<std::size_t>(3 * c + r)];
  }
  return affine;
}

TEST_CASE("section axis: the stored axis nearest to superior, whatever the voxel sizes", "[image]") {
  const double h = std::sqrt(0.5);
  for (const Case& one : std::initializer_list<Case>{
           {"axial, thin slices", {-1, 0, 0, 0, -1, 0, 0, 0, 0.3}, 2},
           {"axial, thick slices", {1, 0, 0, 0, 1, 0, 0, 0, 9}, 2},
           {"axial, thick in left-right", {4, 0, 0, 0, 1, 0, 0, 0, 1}, 2},
           {"coronal", {1.5, 0, 0, 0, 0, -1.5, 0, 8, 0}, 1},
           {"sagittal", {0, 1, 0, 0, 0, 1, -5, 0, 0}, 1},
           {"feet first", {1, 0, 0, 0, 1, 0, 0, 0, -2}, 2},
           {"head along i", {0, 0, 0.7, 1, 0, 0, 0, 1, 0}, 0},
           {"tilted by 30 degrees", {1, 0, 0, 0, 0.866, 0.5, 0, -2, 3.46}, 2},
           {"tilted by 45 degrees: the later one", {1, 0, 0, 0, h, h, 0, -h, h}, 2},
           {"tilted by 60 degrees", {1, 0, 0, 0, 0.5, 0.866, 0, -3.46, 2}, 1},
           {"an orientation that greedy assignment gives to i",
            {0.57, 0.56, 0.6, 0.8, -0.6, 0, 0.36, 0.48, -0.8},
            2},
       }) {
    INFO(one.name);
    const Affine affine = affine_of(one.columns);
    CHECK(section_axis_of(SectionAxis::superior, affine, {9, 1, 1}) == one.superior);
    CHECK(section_axis_of(SectionAxis::stored, affine, {9, 1, 1}) == 0);
    CHECK(section_axis_of(SectionAxis::i, affine, {9, 1, 1}) == 0);
    CHECK(section_axis_of(SectionAxis::j, affine, {9, 1, 1}) == 1);
    CHECK(section_axis_of(SectionAxis::k, affine, {9, 1, 1}) == 2);
  }
  CHECK(section_axis_of(SectionAxis::superior, Affine{}, {1, 1, 1}) == 2);
}

TEST_CASE("section axis: names", "[image]") {
  for (const SectionAxis axis :
       {SectionAxis::superior, SectionAxis::stored, SectionAxis::i, SectionAxis::j, SectionAxis::k}) {
    CHECK(section_axis(section_axis_name(axis)) == axis);
  }
  CHECK(section_axis("Superior") == SectionAxis::superior);
  CHECK_THROWS_AS(section_axis("axial"), Error);
  CHECK_THROWS_AS(section_axis_of(SectionAxis{6}, Affine{}, {1, 1, 1}), Error);
  CHECK(std::string(section_axis_name(SectionAxis{0})) == "unknown");
}

TEST_CASE("section axis: shear lessens the area of a voxel", "[image]") {
  const Affine sheared = affine_of({2, 0, 0, 0.5, 0.5 * std::sqrt(3.0), 0, 0, 0, 4});
  CHECK(sine_across(2, sheared) == Approx(std::sqrt(3.0) / 2));
  CHECK(sine_across(0, sheared) == Approx(1));
  CHECK(sine_across(1, Affine{}) == 1);
}

TEST_CASE("geometry in mm: any unit, or a refusal", "[image]") {
  Affine affine;
  affine(0, 3) = 7;
  CHECK(geometry_in_mm({2, 3, 4}, affine, "mm").to_world(0, 3) == 7);
  CHECK(geometry_in_mm({2, 3, 4}, affine, "unknown").voxel_ml() == Approx(1e-3));
  CHECK(geometry_in_mm({2, 3, 4}, affine, "metre").to_world(0, 3) == 7000);
  CHECK(geometry_in_mm({2, 3, 4}, affine, "micron").spacing() == Spacing{1e-3, 1e-3, 1e-3});
  CHECK(geometry_in_mm({2, 3, 4}, affine, "micron").shape == Index3{2, 3, 4});
  CHECK_THROWS_AS(geometry_in_mm({2, 3, 4}, affine, "inch"), Error);
  Affine flat;
  flat(2, 2) = 0;
  CHECK_THROWS_AS(geometry_in_mm({2, 3, 4}, flat, "mm"), Error);
  flat(2, 2) = std::nan("");
  CHECK_THROWS_AS(geometry_in_mm({2, 3, 4}, flat, "mm"), Error);
  Affine huge;
  huge(1, 1) = 2e3;
  CHECK_NOTHROW(geometry_in_mm({1, 1, 1}, huge, "mm"));
  CHECK_THROWS_AS(geometry_in_mm({1, 1, 1}, huge, "metre"), Error);
}

}  // namespace
}  // namespace musclemap::image
