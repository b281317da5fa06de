#include "image/grid_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "base/text.hpp"
#include "image/reordered.hpp"
#include "musclemap/error.hpp"

namespace musclemap::image {
namespace {

// Above it a difference in place is told.
constexpr double kUnspokenVoxels = 1e-3;

using Vector3 = std::array<double, 3>;

Vector3 column(const Affine& affine, int c) { return {affine(0, c), affine(1, c), affine(2, c)}; }

Vector3 cross(const Vector3& a, const Vector3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

double dot(const Vector3& a, const Vector3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

// Components of a world vector along the voxel axes, by Cramer's rule; infinite for an affine that cannot be
// inverted.
Vector3 in_voxels(const Affine& affine, const Vector3& world) {
  const Vector3 x = column(affine, 0);
  const Vector3 y = column(affine, 1);
  const Vector3 z = column(affine, 2);
  const double determinant = dot(x, cross(y, z));
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (!std::isnormal(determinant)) return {kInfinity, kInfinity, kInfinity};
  return {dot(cross(y, z), world) / determinant, dot(cross(z, x), world) / determinant,
          dot(cross(x, y), world) / determinant};
}

std::string shape_text(const Index3& shape) {
  return std::to_string(shape[0]) + "x" + std::to_string(shape[1]) + "x" + std::to_string(shape[2]);
}

std::string rounded(double value) {
  constexpr double kShown = 1e4;
  return base::number_text(std::round(value * kShown) / kShown);
}

double length(const Affine& affine, int c) {
  const Vector3 v = column(affine, c);
  return std::sqrt(dot(v, v));
}

// The order and directions of the other's axes that come nearest to those of the reference; its own where
// others are no nearer.
Orientation nearest_axes(const Geometry& reference, const Geometry& other) {
  static constexpr std::array<std::array<int, 3>, 6> kOrders{
      {{0, 1, 2}, {1, 0, 2}, {0, 2, 1}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}}};
  const auto cosine = [&](int to, int from) {
    return dot(column(reference.to_world, to), column(other.to_world, from)) /
           (length(reference.to_world, to) * length(other.to_world, from));
  };
  constexpr double kNearer = 1e-6;
  Orientation nearest;
  double best = -1;
  for (const std::array<int, 3>& order : kOrders) {
    double sum = 0;
    for (int from = 0; from < 3; ++from)
      sum += std::fabs(cosine(order[static_cast<std::size_t>(from)], from));
    if (!(sum > best + kNearer)) continue;
    best = sum;
    nearest.ras_axis = order;
  }
  for (int from = 0; from < 3; ++from) {
    const auto axis = static_cast<std::size_t>(from);
    // An axis of one voxel has no direction.
    nearest.flip[axis] = other.shape[axis] > 1 && cosine(nearest.ras_axis[axis], from) < 0;
  }
  return nearest;
}

// What differs between two grids along the same axes, the coarsest cause alone.
std::string cause_of(const Geometry& reference, const Geometry& other, const char* reference_name,
                     double tolerance) {
  std::string spacing;
  std::string shift;
  std::string extent;
  double turned = 0;
  Vector3 centre{};
  for (int r = 0; r < 3; ++r) {
    const auto row = static_cast<std::size_t>(r);
    centre[row] = other.to_world(r, 3) - reference.to_world(r, 3);
    for (int c = 0; c < 3; ++c) {
      const auto axis = static_cast<std::size_t>(c);
      centre[row] += other.to_world(r, c) * static_cast<double>(other.shape[axis] - 1) / 2 -
                     reference.to_world(r, c) * static_cast<double>(reference.shape[axis] - 1) / 2;
    }
  }
  const Vector3 moved = in_voxels(reference.to_world, centre);
  for (int c = 0; c < 3; ++c) {
    const auto axis = static_cast<std::size_t>(c);
    const std::string letter(1, "ijk"[c]);
    const double mm = length(reference.to_world, c);
    const double other_mm = length(other.to_world, c);
    const auto reach = static_cast<double>(reference.shape[axis] - 1);
    const auto add = [&](std::string* text, const std::string& part) {
      *text += (text->empty() ? "" : " and ") + part;
    };
    const std::string mm_text =
        rounded(other_mm) + " mm along " + letter + " (" + reference_name + " " + rounded(mm) + ")";
    if (std::fabs(other_mm - mm) * reach > tolerance * mm) add(&spacing, mm_text);
    if (other.shape[axis] != reference.shape[axis]) {
      add(&extent, std::to_string(other.shape[axis]) + " voxels along " + letter + " (" + reference_name +
                       " " + std::to_string(reference.shape[axis]) + ")");
    }
    const Vector3 mine = column(reference.to_world, c);
    const double along = moved[axis];
    if (std::fabs(along) > tolerance) add(&shift, rounded(along * mm) + " mm along " + letter);
    const double cosine = dot(mine, column(other.to_world, c)) / (mm * other_mm);
    const double angle = std::acos(std::min(1.0, std::fabs(cosine)));
    if (angle * reach > tolerance) turned = std::max(turned, angle);
  }
  if (!spacing.empty()) return "it has another spacing: " + spacing;
  if (!extent.empty()) return "it is a crop or has a margin: " + extent;
  constexpr double kDegrees = 57.29577951308232;
  if (turned > 0) return "it is turned by " + rounded(turned * kDegrees) + " degrees";
  if (!shift.empty()) return "it is shifted by " + shift;
  return "its directions differ";
}

std::string remedy(const NamedGrid& reference, double distance) {
  constexpr double kMostVoxels = 0.5;
  std::string text = "; bring it onto the grid of the " + std::string(reference.name) +
                     " (labels and masks: nearest neighbour)";
  if (!(distance <= kMostVoxels)) return text;
  return text + ", or take it as it is by a geometry tolerance of " +
         rounded(std::ceil(distance * 100) / 100) + " voxels (--geometry-tolerance)";
}

[[noreturn]] void refuse(const NamedGrid& reference, const NamedGrid& other, const std::string& what,
                         const std::string& why) {
  throw Error(ErrorCode::geometry, Reason::geometry,
              std::string("the ") + other.name + " and the " + reference.name + " " + what + why);
}

std::string axes_text(const Orientation& axes) {
  std::string text;
  for (const int to : {0, 1, 2}) {
    const int from = stored_axis(axes, to);
    text += std::string(text.empty() ? "" : ", ") + (axes.flip[static_cast<std::size_t>(from)] ? "-" : "") +
            "ijk"[from];
  }
  return text;
}

void check_not_empty(const NamedGrid& named) {
  const Index3& n = named.grid.shape;
  if (n[0] > 0 && n[1] > 0 && n[2] > 0) return;
  throw Error(ErrorCode::argument,
              std::string("the ") + named.name + " is an empty volume: it has no voxels");
}

}  // namespace

double corner_distance_voxels(const Geometry& a, const Geometry& b) {
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
    const Vector3 voxels = in_voxels(a.to_world, difference);
    const double distance = std::sqrt(dot(voxels, voxels));
    if (std::isnan(distance)) return std::numeric_limits<double>::infinity();
    furthest = std::max(furthest, distance);
  }
  return furthest;
}

GridMatch match_grids(const NamedGrid& reference, const NamedGrid& other, double tolerance) {
  if (!(tolerance >= 0) || !std::isfinite(tolerance)) {
    throw Error(ErrorCode::argument,
                "a geometry tolerance of " + base::number_text(tolerance) + " voxels; 0 or more is allowed");
  }
  check_not_empty(reference);
  check_not_empty(other);
  const Geometry& to = reference.grid;
  GridMatch match;
  Geometry turned = other.grid;
  double distance = std::numeric_limits<double>::infinity();
  if (to.shape == turned.shape) distance = corner_distance_voxels(to, turned);
  if (!(distance <= tolerance)) {
    const Orientation axes = nearest_axes(to, other.grid);
    if (!is_identity(axes)) {
      turned = reordered(other.grid, axes);
      match.to_reference = axes;
    }
    if (to.shape != turned.shape) {
      refuse(reference, other,
             "have " + shape_text(other.grid.shape) + " and " + shape_text(to.shape) + " voxels",
             ": " + cause_of(to, turned, reference.name, tolerance) + remedy(reference, distance));
    }
    distance = corner_distance_voxels(to, turned);
  }
  if (!(distance <= tolerance)) {
    refuse(reference, other,
           "lie up to " + rounded(distance) + " voxels apart at their corners, allowed is " +
               base::number_text(tolerance),
           ": " + cause_of(to, turned, reference.name, tolerance) + remedy(reference, distance));
  }
  match.distance_voxels = distance;
  const std::string name = std::string("the ") + other.name;
  if (!is_identity(match.to_reference)) {
    match.warnings.push_back(
        {WarningCode::grid_reordered, name + " is stored along other axes than the " + reference.name +
                                          " and was reordered without loss (its axes in the order of the " +
                                          reference.name + ": " + axes_text(match.to_reference) + ")"});
  }
  if (distance > kUnspokenVoxels) {
    match.warnings.push_back({WarningCode::grid_tolerance,
                              name + " and the " + reference.name + " lie up to " + rounded(distance) +
                                  " voxels apart at their corners and are taken as one grid"});
  }
  return match;
}

}  // namespace musclemap::image
