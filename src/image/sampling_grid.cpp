#include "image/sampling_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "musclemap/error.hpp"

namespace musclemap::image {
namespace {

// docs/chains/musclemap.md, section 4.3: MONAI leaves an axis alone that is this near to its target.
constexpr double kSpacingToleranceMm = 1e-3;
// Of a NIfTI-1 file.
constexpr double kMaxAxis = 32767;

using Point = std::array<double, 3>;
using Corners = std::array<Point, 8>;

// The first axis varies slowest.
Corners corners_of(const Index3& shape) {
  Corners result{};
  for (std::size_t c = 0; c < 8; ++c) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const bool far = (c >> (2 - axis) & 1U) != 0;
      result[c][axis] = far ? static_cast<double>(shape[axis]) - 1 : 0;
    }
  }
  return result;
}

Point transform(const Matrix4& m, const Point& p) {
  Point result{};
  for (int r = 0; r < 3; ++r) {
    result[static_cast<std::size_t>(r)] = ((m(r, 0) * p[0] + m(r, 1) * p[1]) + m(r, 2) * p[2]) + m(r, 3);
  }
  return result;
}

// Spacing of the new grid: the target where one is asked for and the source is not there already.
Spacing effective_target(const Matrix3& axes, const Spacing& target_mm) {
  Spacing result{};
  for (int j = 0; j < 3; ++j) {
    double norm = 0;
    for (int r = 0; r < 3; ++r) norm += axes(r, j) * axes(r, j);
    norm = std::sqrt(norm);
    if (norm == 0) norm = 1;
    double t = target_mm[static_cast<std::size_t>(j)];
    if (t - kSpacingToleranceMm <= norm && norm <= t + kSpacingToleranceMm) t = norm;
    result[static_cast<std::size_t>(j)] = t <= 0 ? norm : t;
  }
  return result;
}

// Orthogonal axes of the wanted spacing: the rotation of the source's QR decomposition, handedness kept.
Matrix3 new_axes(const Matrix3& axes, const Spacing& spacing_mm) {
  Matrix3 gram;
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) {
      gram(r, c) = (axes(0, r) * axes(0, c) + axes(1, r) * axes(1, c)) + axes(2, r) * axes(2, c);
    }
  }
  const Matrix3 upper = cholesky_upper(gram);
  const Matrix3 rotation = multiply(axes, solve(upper, identity<3>()));
  Matrix3 scale;
  for (int j = 0; j < 3; ++j) {
    scale(j, j) = std::copysign(std::fabs(spacing_mm[static_cast<std::size_t>(j)]), upper(j, j));
  }
  return multiply(rotation, scale);
}

Index3 extent(const Corners& mapped) {
  Index3 shape{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    double low = mapped[0][axis];
    double high = low;
    for (const Point& p : mapped) {
      low = std::min(low, p[axis]);
      high = std::max(high, p[axis]);
    }
    const double count = std::nearbyint(high - low + 1.0);
    if (!(count <= kMaxAxis)) {
      throw Error(ErrorCode::geometry, Reason::limit,
                  "resampling would give axis " + std::to_string(axis) +
                      " more than 32767 voxels; is the voxel size right?");
    }
    shape[axis] = static_cast<std::int64_t>(count);
  }
  return shape;
}

// The corner of the source that has the smallest index of the new grid on every axis, or the centre rule.
// Rounding noise in the affine decides which of the two applies.
Point origin(const Index3& source, const Matrix4& to_world, const Corners& mapped, const Index3& shape,
             const Matrix3& axes) {
  const Corners corners = corners_of(source);
  for (std::size_t c = 0; c < 8; ++c) {
    bool smallest = true;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      double lowest = mapped[0][axis] - mapped[c][axis];
      for (const Point& p : mapped) lowest = std::min(lowest, p[axis] - mapped[c][axis]);
      smallest = smallest && std::fabs(lowest) <= 1e-8;
    }
    if (smallest) return transform(to_world, corners[c]);
  }
  Point result{};
  for (int r = 0; r < 3; ++r) {
    std::array<double, 3> n{};
    std::array<double, 3> m{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      n[axis] = static_cast<double>(source[axis]) / 2.0;
      m[axis] = static_cast<double>(shape[axis]) / 2.0;
    }
    // The order 0, 2, 1 is that of the reference's three-term product.
    const double p = (to_world(r, 0) * n[0] + to_world(r, 2) * n[2]) + to_world(r, 1) * n[1];
    const double q = (axes(r, 0) * m[0] + axes(r, 2) * m[2]) + axes(r, 1) * m[1];
    result[static_cast<std::size_t>(r)] = (p + to_world(r, 3)) - q;
  }
  return result;
}

bool all_close(const Matrix4& a, const Matrix4& b) {
  for (std::size_t i = 0; i < 16; ++i) {
    if (!(std::fabs(a.m[i] - b.m[i]) <= 1e-3 + 1e-5 * std::fabs(b.m[i]))) return false;
  }
  return true;
}

}  // namespace

SamplingGrid sampling_grid(const Index3& shape, const Matrix4& to_world, const Spacing& target_mm) {
  const Matrix3 source_axes = linear_part(to_world);
  const Matrix3 axes = new_axes(source_axes, effective_target(source_axes, target_mm));
  Matrix4 grid = identity<4>();
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) grid(r, c) = axes(r, c);
  }
  const Matrix4 source_to_unplaced = solve(grid, to_world);
  Corners mapped = corners_of(shape);
  for (Point& p : mapped) p = transform(source_to_unplaced, p);

  SamplingGrid result;
  result.shape = extent(mapped);
  const Point start = origin(shape, to_world, mapped, result.shape, axes);
  for (int r = 0; r < 3; ++r) grid(r, 3) = start[static_cast<std::size_t>(r)];

  if (result.shape == shape &&
      (all_close(to_world, grid) || all_close(solve(to_world, grid), identity<4>()))) {
    result.identity = true;
    result.to_world = to_world;
    result.to_source = identity<4>();
    result.from_source = identity<4>();
    return result;
  }
  result.to_source = solve(to_world, grid);
  result.to_world = multiply_fused(to_world, result.to_source);
  result.from_source = solve(result.to_world, to_world);
  return result;
}

}  // namespace musclemap::image
