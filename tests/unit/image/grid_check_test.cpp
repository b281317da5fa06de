#include "image/grid_check.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/volumes.hpp"

namespace musclemap::image {
namespace {

using test::contains;
using test::error_of;
using test::grid;

Geometry moved(Geometry geometry, double x_mm, double y_mm = 0, double z_mm = 0) {
  geometry.to_world(0, 3) += x_mm;
  geometry.to_world(1, 3) += y_mm;
  geometry.to_world(2, 3) += z_mm;
  return geometry;
}

std::string check(const Geometry& a, const Geometry& b) {
  return error_of([&] { check_same_grid(a, "label map", b, "image"); });
}

TEST_CASE("grid check: distances are in voxels of the first grid", "[image]") {
  const Geometry a = grid({11, 21, 3}, {2, 0.5, 4});
  CHECK(corner_distance_voxels(a, a) == 0);
  CHECK(corner_distance_voxels(a, moved(a, 1)) == 0.5);
  CHECK(corner_distance_voxels(a, moved(a, 0, 1)) == 2);
  CHECK(corner_distance_voxels(a, moved(a, 6, 2, 0)) == 5);
}

TEST_CASE("grid check: the furthest corner counts", "[image]") {
  const Geometry a = grid({11, 21, 3}, {2, 0.5, 4});
  Geometry wider = a;
  wider.to_world(1, 1) = 0.75;
  CHECK(corner_distance_voxels(a, wider) == 10);
  Geometry sheared = a;
  sheared.to_world(0, 2) = 1;
  CHECK(corner_distance_voxels(a, sheared) == 1);
  Geometry mirrored = a;
  mirrored.to_world(0, 0) = -2;
  mirrored.to_world(0, 3) = 20;
  CHECK(corner_distance_voxels(a, mirrored) == 10);
}

TEST_CASE("grid check: rotated axes measure along themselves", "[image]") {
  Geometry a = grid({5, 5, 5});
  const double c = 0.6;
  const double s = 0.8;
  a.to_world(0, 0) = 2 * c;
  a.to_world(1, 0) = 2 * s;
  a.to_world(0, 1) = -3 * s;
  a.to_world(1, 1) = 3 * c;
  CHECK(std::fabs(corner_distance_voxels(a, moved(a, -3 * s, 3 * c)) - 1) < 1e-15);
}

TEST_CASE("grid check: a thousandth of a voxel is allowed", "[image]") {
  const Geometry a = grid({4, 4, 4}, {2, 2, 8});
  CHECK(check(a, moved(a, 0, 0, 0.0079)) == "no error");
  const std::string error = check(a, moved(a, 0, 0, 0.0085));
  CHECK(contains(error, "geometry/geometry: the label map and the image lie up to 0.0011 voxels apart"));
  CHECK(contains(error, "allowed is 0.001"));
}

TEST_CASE("grid check: shapes come first", "[image]") {
  const Geometry a = grid({4, 5, 6});
  CHECK(check(a, grid({4, 6, 5})) ==
        "geometry/geometry: the label map and the image have 4x5x6 and 4x6x5 voxels");
}

TEST_CASE("grid check: what cannot be compared is not the same", "[image]") {
  const Geometry a = grid({4, 4, 4});
  Geometry flat = a;
  flat.to_world(2, 2) = 0;
  CHECK(std::isinf(corner_distance_voxels(flat, a)));
  CHECK(contains(check(flat, flat), "geometry/geometry"));
  const Geometry unknown = moved(a, std::numeric_limits<double>::quiet_NaN());
  CHECK(std::isinf(corner_distance_voxels(a, unknown)));
  CHECK(contains(check(a, unknown), "geometry/geometry"));
  CHECK(contains(check(unknown, a), "geometry/geometry"));
}

TEST_CASE("grid check: one voxel has one corner", "[image]") {
  Geometry turned = grid({1, 1, 1});
  turned.to_world(0, 0) = 5;
  CHECK(corner_distance_voxels(grid({1, 1, 1}), turned) == 0);
}

}  // namespace
}  // namespace musclemap::image
