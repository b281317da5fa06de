#include "image/grid_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "base/text.hpp"
#include "musclemap/error.hpp"

namespace musclemap::image {
namespace {

constexpr double kToleranceVoxels = 1e-3;

using Vector3 = std::array<double, 3>;

Vector3 column(const Affine& affine, int c) { return {affine(0, c), affine(1, c), affine(2, c)}; }

Vector3 cross(const Vector3& a, const Vector3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

double dot(const Vector3& a, const Vector3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

std::string shape_text(const Index3& shape) {
  return std::to_string(shape[0]) + "x" + std::to_string(shape[1]) + "x" + std::to_string(shape[2]);
}

}  // namespace

double corner_distance_voxels(const Geometry& a, const Geometry& b) {
  // Cramer's rule: the components of a world vector along the voxel axes of `a`.
  const Vector3 x = column(a.to_world, 0);
  const Vector3 y = column(a.to_world, 1);
  const Vector3 z = column(a.to_world, 2);
  const double determinant = dot(x, cross(y, z));
  if (!std::isnormal(determinant)) return std::numeric_limits<double>::infinity();
  const std::array<Vector3, 3> rows{cross(y, z), cross(z, x), cross(x, y)};
  double furthest = 0;
  for (int corner = 0; corner < 8; ++corner) {
    Vector3 difference{};
    for (int r = 0; r < 3; ++r) {
      double& d = difference[static_cast<std::size_t>(r)];
      d = b.to_world(r, 3) - a.to_world(r, 3);
      for (int c = 0; c < 3; ++c) {
        if ((corner >> c & 1) == 0) continue;
        d += (b.to_world(r, c) - a.to_world(r, c)) *
             static_cast<double>(a.shape[static_cast<std::size_t>(c)] - 1);
      }
    }
    double squares = 0;
    for (const Vector3& row : rows) squares += dot(row, difference) * dot(row, difference);
    const double distance = std::sqrt(squares) / std::fabs(determinant);
    if (std::isnan(distance)) return std::numeric_limits<double>::infinity();
    furthest = std::max(furthest, distance);
  }
  return furthest;
}

void check_same_grid(const Geometry& a, const char* a_name, const Geometry& b, const char* b_name) {
  const std::string both = std::string("the ") + a_name + " and the " + b_name;
  if (a.shape != b.shape) {
    throw Error(ErrorCode::geometry,
                both + " have " + shape_text(a.shape) + " and " + shape_text(b.shape) + " voxels");
  }
  const double distance = corner_distance_voxels(a, b);
  if (distance <= kToleranceVoxels) return;
  constexpr double kShown = 1e4;
  throw Error(ErrorCode::geometry,
              both + " lie up to " + base::number_text(std::round(distance * kShown) / kShown) +
                  " voxels apart at their corners, allowed is " + base::number_text(kToleranceVoxels));
}

}  // namespace musclemap::image
