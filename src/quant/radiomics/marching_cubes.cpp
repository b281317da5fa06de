#include "quant/radiomics/marching_cubes.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace musclemap::quant {
namespace {

using Polygon = std::vector<HalfPoint>;
using Vector3 = std::array<double, 3>;

constexpr std::size_t kCubes = 256;
constexpr int kCorners = 8;

bool is_set(std::size_t corners, int corner) { return (corners >> static_cast<unsigned>(corner) & 1U) != 0; }

HalfPoint middle_of(int a, int b) {
  HalfPoint point{};
  for (int axis = 0; axis < 3; ++axis)
    point[static_cast<std::size_t>(axis)] = (a >> axis & 1) + (b >> axis & 1);
  return point;
}

/// The corners of a face in the order in which they follow each other, seen from outside turning left.
std::array<int, 4> face_corners(int axis, int side) {
  const int one = 1 << (axis + 1) % 3;
  const int two = 1 << (axis + 2) % 3;
  const int base = side << axis;
  if (side == 1) return {base, base | one, base | one | two, base | two};
  return {base, base | two, base | one | two, base | one};
}

/// For every point the one that follows it on the outline of the surface; seen along the surface's normal,
/// from the corners that are not set, the outline turns left.
std::map<HalfPoint, HalfPoint> outline(std::size_t corners) {
  std::map<HalfPoint, HalfPoint> next;
  for (int axis = 0; axis < 3; ++axis) {
    for (int side = 0; side < 2; ++side) {
      const std::array<int, 4> face = face_corners(axis, side);
      for (std::size_t n = 0; n < face.size(); ++n) {
        // A run of set corners is entered behind n, and left at the first that is not set.
        if (is_set(corners, face[n]) || !is_set(corners, face[(n + 1) % 4])) continue;
        std::size_t last = n + 1;
        while (is_set(corners, face[(last + 1) % 4])) ++last;
        const HalfPoint entry = middle_of(face[n], face[(n + 1) % 4]);
        const HalfPoint exit = middle_of(face[last % 4], face[(last + 1) % 4]);
        next[entry] = exit;
      }
    }
  }
  return next;
}

std::vector<Polygon> polygons(std::size_t corners) {
  std::map<HalfPoint, HalfPoint> next = outline(corners);
  std::vector<Polygon> result;
  while (!next.empty()) {
    Polygon polygon;
    auto at = next.begin();
    while (at != next.end()) {
      polygon.push_back(at->first);
      const HalfPoint following = at->second;
      next.erase(at);
      at = next.find(following);
    }
    result.push_back(polygon);
  }
  return result;
}

Vector3 cross(const Vector3& a, const Vector3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

Vector3 to_vector(const HalfPoint& point) {
  return {static_cast<double>(point[0]), static_cast<double>(point[1]), static_cast<double>(point[2])};
}

std::vector<Triangle> fan(const Polygon& polygon, std::size_t apex) {
  const std::size_t n = polygon.size();
  std::vector<Triangle> triangles;
  for (std::size_t i = 1; i + 1 < n; ++i) {
    triangles.push_back({polygon[apex], polygon[(apex + i) % n], polygon[(apex + i + 1) % n]});
  }
  return triangles;
}

double area_of(const std::vector<Triangle>& triangles) {
  double area = 0;
  for (const Triangle& t : triangles) {
    const Vector3 a = to_vector(t[0]);
    Vector3 ab = to_vector(t[1]);
    Vector3 ac = to_vector(t[2]);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      ab[axis] -= a[axis];
      ac[axis] -= a[axis];
    }
    const Vector3 normal = cross(ab, ac);
    area += std::sqrt(normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2]);
  }
  return area;
}

double volume_of_fan(const std::vector<Triangle>& triangles) {
  double volume = 0;
  for (const Triangle& t : triangles) {
    const Vector3 normal = cross(to_vector(t[0]), to_vector(t[1]));
    const Vector3 c = to_vector(t[2]);
    volume += normal[0] * c[0] + normal[1] * c[1] + normal[2] * c[2];
  }
  return volume;
}

std::vector<Triangle> best_fan(const Polygon& polygon) {
  constexpr std::size_t kSeven = 7;
  // What tells fans apart is larger by far than what rounding makes of equal ones.
  constexpr double kApart = 1e-6;
  std::vector<Triangle> best;
  double most = 0;
  for (std::size_t apex = 0; apex < polygon.size(); ++apex) {
    std::vector<Triangle> candidate = fan(polygon, apex);
    const double merit = polygon.size() == kSeven ? -volume_of_fan(candidate) : area_of(candidate);
    if (!best.empty() && merit < most + kApart) continue;
    most = merit;
    best = std::move(candidate);
  }
  return best;
}

std::vector<std::vector<Triangle>> all_triangles() {
  std::vector<std::vector<Triangle>> all(kCubes);
  for (std::size_t corners = 0; corners < kCubes; ++corners) {
    for (const Polygon& polygon : polygons(corners)) {
      const std::vector<Triangle> triangles = best_fan(polygon);
      all[corners].insert(all[corners].end(), triangles.begin(), triangles.end());
    }
  }
  return all;
}

}  // namespace

const std::vector<Triangle>& cube_triangles(std::size_t corners) {
  static const std::vector<std::vector<Triangle>> all = all_triangles();
  return all.at(corners);
}

}  // namespace musclemap::quant
