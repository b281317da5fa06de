#include <cmath>
#include <string>

#include "base/text.hpp"
#include "image/matrix.hpp"
#include "musclemap/error.hpp"
#include "musclemap/itk.hpp"

namespace musclemap {
namespace {

// x to the left and y to the back become x to the right and y to the front, and the other way round.
double turned(int row, double value) { return row < 2 && value != 0 ? -value : value; }

void check_invertible(const image::Matrix3& axes, const char* what) {
  try {
    image::solve(axes, image::identity<3>());
  } catch (const Error&) {
    throw Error(ErrorCode::geometry, std::string("the ") + what + " cannot be inverted");
  }
}

}  // namespace

Geometry geometry_from_lps(const LpsGrid& grid) {
  image::Matrix3 direction;
  direction.m = grid.direction;
  check_invertible(direction, "direction");
  Geometry geometry;
  geometry.shape = grid.size;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double spacing = grid.spacing_mm[axis];
    if (!(spacing > 0 && std::isfinite(spacing) && std::isfinite(grid.origin_mm[axis]))) {
      throw Error(ErrorCode::geometry, "the spacing along an axis is " + base::number_text(spacing) +
                                           " mm and the origin " + base::number_text(grid.origin_mm[axis]) +
                                           "; a spacing above 0 and finite numbers are allowed");
    }
  }
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      const double step = direction(row, column) * grid.spacing_mm[static_cast<std::size_t>(column)];
      geometry.to_world(row, column) = turned(row, step);
    }
    geometry.to_world(row, 3) = turned(row, grid.origin_mm[static_cast<std::size_t>(row)]);
  }
  return geometry;
}

LpsGrid lps_from_geometry(const Geometry& geometry) {
  LpsGrid grid;
  grid.size = geometry.shape;
  grid.spacing_mm = geometry.spacing();
  image::Matrix3 direction;
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      const double step = turned(row, geometry.to_world(row, column));
      direction(row, column) = step / grid.spacing_mm[static_cast<std::size_t>(column)];
    }
    grid.origin_mm[static_cast<std::size_t>(row)] = turned(row, geometry.to_world(row, 3));
  }
  check_invertible(direction, "affine");
  grid.direction = direction.m;
  return grid;
}

}  // namespace musclemap
