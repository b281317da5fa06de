#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "quant/radiomics/marching_cubes.hpp"
#include "quant/radiomics/radiomics.hpp"

namespace musclemap::quant {
namespace {

constexpr std::size_t kAllCorners = 255;
constexpr std::size_t kLastCorner = 7;

/// The region with a voxel of nothing around it.
bool padded(const Region& region, std::int64_t i, std::int64_t j, std::int64_t k) {
  if (i < 1 || j < 1 || k < 1) return false;
  if (i > region.shape[0] || j > region.shape[1] || k > region.shape[2]) return false;
  return region.has(i - 1, j - 1, k - 1);
}

/// Calls body(corners, i, j, k) for every cube of 8 padded voxels that is neither empty nor full.
template <class Body>
void for_each_cut_cube(const Region& region, const Body& body) {
  for (std::int64_t k = 0; k <= region.shape[2]; ++k) {
    for (std::int64_t j = 0; j <= region.shape[1]; ++j) {
      for (std::int64_t i = 0; i <= region.shape[0]; ++i) {
        std::size_t corners = 0;
        for (std::size_t corner = 0; corner <= kLastCorner; ++corner) {
          const auto along = [&](unsigned axis) { return static_cast<std::int64_t>(corner >> axis & 1U); };
          if (padded(region, i + along(0), j + along(1), k + along(2))) corners |= std::size_t{1} << corner;
        }
        if (corners != 0 && corners != kAllCorners) body(corners, i, j, k);
      }
    }
  }
}

struct Mesh {
  double area = 0;
  double volume = 0;
};

/// In pyradiomics' tables a cube is that of its opposite, turned inside out, where the corner at (0, 1, 1)
/// along (i, j, k) is set. Faces with set corners across each other then part them in one cube and join them
/// in the next: the mesh has holes, and its volume depends on where the origin lies, which is a voxel before
/// the box.
Mesh mesh_of(const Region& region) {
  constexpr std::size_t kInverting = 6;  // corner (0, 1, 1)
  Mesh mesh;
  for_each_cut_cube(region, [&](std::size_t corners, std::int64_t i, std::int64_t j, std::int64_t k) {
    const bool inverted = (corners >> kInverting & 1U) != 0;
    const Eigen::Array3d cube(static_cast<double>(i), static_cast<double>(j), static_cast<double>(k));
    const Eigen::Array3d spacing(region.spacing[0], region.spacing[1], region.spacing[2]);
    for (const Triangle& triangle : cube_triangles(inverted ? corners ^ kAllCorners : corners)) {
      std::array<Eigen::Vector3d, 3> p;
      for (std::size_t n = 0; n < p.size(); ++n) {
        const Eigen::Array3d half(triangle[n][0], triangle[n][1], triangle[n][2]);
        p[n] = ((cube + half / 2) * spacing).matrix();
      }
      const double volume = p[0].cross(p[1]).dot(p[2]) / 6;
      mesh.volume += inverted ? -volume : volume;
      mesh.area += (p[0] - p[2]).cross(p[1] - p[2]).norm() / 2;
    }
  });
  return mesh;
}

/// A vertex of the mesh in half voxels.
using Vertex = std::array<std::int64_t, 3>;

/// Points halfway between a voxel inside and one outside.
std::vector<Vertex> vertices_of(const Region& region) {
  std::vector<Vertex> vertices;
  for (std::int64_t k = 0; k <= region.shape[2]; ++k) {
    for (std::int64_t j = 0; j <= region.shape[1]; ++j) {
      for (std::int64_t i = 0; i <= region.shape[0]; ++i) {
        const bool here = padded(region, i, j, k);
        if (padded(region, i + 1, j, k) != here) vertices.push_back({2 * i + 1, 2 * j, 2 * k});
        if (padded(region, i, j + 1, k) != here) vertices.push_back({2 * i, 2 * j + 1, 2 * k});
        if (padded(region, i, j, k + 1) != here) vertices.push_back({2 * i, 2 * j, 2 * k + 1});
      }
    }
  }
  return vertices;
}

/// Of the vertices on one line along the axis only the outer two can be an end of the longest distance.
std::vector<Vertex> outermost(const std::vector<Vertex>& vertices, std::size_t axis) {
  std::map<std::pair<std::int64_t, std::int64_t>, std::pair<Vertex, Vertex>> lines;
  for (const Vertex& vertex : vertices) {
    const std::pair<std::int64_t, std::int64_t> line(vertex[(axis + 1) % 3], vertex[(axis + 2) % 3]);
    auto& ends = lines.try_emplace(line, vertex, vertex).first->second;
    if (vertex[axis] < ends.first[axis]) ends.first = vertex;
    if (vertex[axis] > ends.second[axis]) ends.second = vertex;
  }
  std::vector<Vertex> result;
  for (const auto& line : lines) {
    result.push_back(line.second.first);
    if (line.second.first != line.second.second) result.push_back(line.second.second);
  }
  return result;
}

double squared_distance(const Vertex& a, const Vertex& b, const Spacing& spacing) {
  double sum = 0;
  for (std::size_t axis = 0; axis < spacing.size(); ++axis) {
    const double d = static_cast<double>(a[axis] - b[axis]) / 2 * spacing[axis];
    sum += d * d;
  }
  return sum;
}

double longest(const std::vector<Vertex>& vertices, const Spacing& spacing) {
  double most = 0;
  for (std::size_t a = 0; a < vertices.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b)
      most = std::max(most, squared_distance(vertices[a], vertices[b], spacing));
  }
  return std::sqrt(most);
}

/// Between vertices of one plane across the axis.
double longest_across(const std::vector<Vertex>& vertices, std::size_t axis, const Spacing& spacing) {
  std::map<std::int64_t, std::vector<Vertex>> planes;
  for (const Vertex& vertex : vertices) planes[vertex[axis]].push_back(vertex);
  double most = 0;
  for (const auto& plane : planes) {
    const std::vector<Vertex> ends = outermost(outermost(plane.second, (axis + 1) % 3), (axis + 2) % 3);
    most = std::max(most, longest(ends, spacing));
  }
  return most;
}

/// Ascending; of the voxels' centres.
std::array<double, 3> principal_variances(const Region& region) {
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  double count = 0;
  const auto for_each_centre = [&](const auto& body) {
    for (std::int64_t k = 0; k < region.shape[2]; ++k) {
      for (std::int64_t j = 0; j < region.shape[1]; ++j) {
        for (std::int64_t i = 0; i < region.shape[0]; ++i) {
          if (!region.has(i, j, k)) continue;
          body(Eigen::Vector3d(static_cast<double>(i) * region.spacing[0],
                               static_cast<double>(j) * region.spacing[1],
                               static_cast<double>(k) * region.spacing[2]));
        }
      }
    }
  };
  for_each_centre([&](const Eigen::Vector3d& centre) {
    sum += centre;
    ++count;
  });
  const Eigen::Vector3d mean = sum / count;
  Eigen::Matrix3d covariance = Eigen::Matrix3d::Zero();
  for_each_centre([&](const Eigen::Vector3d& centre) {
    const Eigen::Vector3d d = centre - mean;
    covariance += d * d.transpose();
  });
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver(covariance / count, Eigen::EigenvaluesOnly);
  const Eigen::Vector3d values = solver.eigenvalues().cwiseMax(0.0);
  return {values[0], values[1], values[2]};
}

}  // namespace

std::vector<double> shape_features(const Region& region) {
  constexpr double kPi = 3.14159265358979323846;
  const Mesh mesh = mesh_of(region);
  const std::array<double, 3> variances = principal_variances(region);
  const double least = 4 * std::sqrt(variances[0]);
  const double minor = 4 * std::sqrt(variances[1]);
  const double major = 4 * std::sqrt(variances[2]);
  const std::vector<Vertex> vertices = vertices_of(region);
  const std::vector<Vertex> hull = outermost(outermost(outermost(vertices, 0), 1), 2);
  const double voxel_mm3 = region.spacing[0] * region.spacing[1] * region.spacing[2];
  return {std::sqrt(variances[1] / variances[2]),
          std::sqrt(variances[0] / variances[2]),
          least,
          major,
          longest_across(vertices, 1, region.spacing),
          longest_across(vertices, 0, region.spacing),
          longest_across(vertices, 2, region.spacing),
          longest(hull, region.spacing),
          mesh.volume,
          minor,
          std::cbrt(36 * kPi * mesh.volume * mesh.volume) / mesh.area,
          mesh.area,
          mesh.area / mesh.volume,
          static_cast<double>(region.values.size()) * voxel_mm3};
}

}  // namespace musclemap::quant
