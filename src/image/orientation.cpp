#include "image/orientation.hpp"

#include <Eigen/SVD>
#include <cmath>
#include <limits>

#include "musclemap/error.hpp"

namespace musclemap::image {
namespace {

// Nearest rotation-like matrix of the affine with unit columns; directions of no extent are dropped.
Eigen::Matrix3d nearest_rotation(const Affine& to_world) {
  Eigen::Matrix3d columns;
  for (int c = 0; c < 3; ++c) {
    double norm = 0;
    for (int r = 0; r < 3; ++r) norm += to_world(r, c) * to_world(r, c);
    norm = std::sqrt(norm);
    if (norm == 0) norm = 1;
    for (int r = 0; r < 3; ++r) columns(r, c) = to_world(r, c) / norm;
  }
  if (!columns.allFinite()) throw Error(ErrorCode::geometry, "the affine has values that are not finite");
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(columns, Eigen::ComputeFullU | Eigen::ComputeFullV);
  const double threshold = svd.singularValues()(0) * 3 * std::numeric_limits<double>::epsilon();
  Eigen::Matrix3d rotation = Eigen::Matrix3d::Zero();
  for (int k = 0; k < 3; ++k) {
    if (svd.singularValues()(k) > threshold)
      rotation += svd.matrixU().col(k) * svd.matrixV().col(k).transpose();
  }
  return rotation;
}

}  // namespace

Orientation closest_ras(const Affine& to_world) {
  Eigen::Matrix3d rotation = nearest_rotation(to_world);
  Orientation result;
  for (std::size_t a = 0; a < 3; ++a) {
    const auto column = static_cast<Eigen::Index>(a);
    Eigen::Index best = 0;
    for (Eigen::Index r = 1; r < 3; ++r) {
      if (std::fabs(rotation(r, column)) > std::fabs(rotation(best, column))) best = r;
    }
    if (rotation(best, column) == 0) {
      throw Error(ErrorCode::geometry,
                  "the affine gives axis " + std::to_string(a) + " no direction of its own");
    }
    result.ras_axis[a] = static_cast<int>(best);
    result.flip[a] = rotation(best, column) < 0;
    rotation.row(best).setZero();
  }
  return result;
}

int stored_axis(const Orientation& orientation, int axis) {
  for (int a = 0; a < 3; ++a) {
    if (orientation.ras_axis[static_cast<std::size_t>(a)] == axis) return a;
  }
  throw Error(ErrorCode::internal, "orientation is not a permutation");
}

Index3 oriented_shape(const Orientation& orientation, const Index3& stored) {
  Index3 result{};
  for (std::size_t a = 0; a < 3; ++a) result[static_cast<std::size_t>(orientation.ras_axis[a])] = stored[a];
  return result;
}

Matrix4 oriented_affine(const Orientation& orientation, const Geometry& stored) {
  Matrix4 from_oriented;
  for (int a = 0; a < 3; ++a) {
    const auto index = static_cast<std::size_t>(a);
    const int to = orientation.ras_axis[index];
    from_oriented(a, to) = orientation.flip[index] ? -1 : 1;
    if (orientation.flip[index]) from_oriented(a, 3) = static_cast<double>(stored.shape[index] - 1);
  }
  from_oriented(3, 3) = 1;
  return multiply(to_matrix(stored.to_world), from_oriented);
}

}  // namespace musclemap::image
