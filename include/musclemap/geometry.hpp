// Where the voxels of a volume lie in the world.
#ifndef MUSCLEMAP_GEOMETRY_HPP_
#define MUSCLEMAP_GEOMETRY_HPP_

#include <array>
#include <cstdint>

#include "musclemap/export.hpp"

namespace musclemap {

/// Voxels along i, j, k (the order of a NIfTI file: i is fastest on disk).
using Index3 = std::array<std::int64_t, 3>;

/// Millimetres per voxel along i, j, k.
using Spacing = std::array<double, 3>;

/// Row-major 4x4 matrix that takes voxel (i, j, k, 1) to RAS+ millimetres.
struct Affine {
  std::array<double, 16> m{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
  double operator()(int row, int column) const noexcept { return m[at(row, column)]; }
  double& operator()(int row, int column) noexcept { return m[at(row, column)]; }

 private:
  static constexpr std::size_t at(int row, int column) noexcept {
    return static_cast<std::size_t>(row) * 4 + static_cast<std::size_t>(column);
  }
};

/// A grid of voxels. Plain value.
struct MUSCLEMAP_API Geometry {
  Index3 shape{0, 0, 0};
  Affine to_world;

  /// Norms of the affine's columns, mm.
  Spacing spacing() const;
  /// Volume of one voxel in millilitres, from the affine's determinant.
  double voxel_ml() const;
};

/// True when both have one shape and no corner of one lies further than `tolerance_mm` from that of the
/// other.
MUSCLEMAP_API bool same_grid(const Geometry& a, const Geometry& b, double tolerance_mm = 1e-3);

}  // namespace musclemap

#endif  // MUSCLEMAP_GEOMETRY_HPP_
