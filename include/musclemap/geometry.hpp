// Where the voxels of a volume lie in the world.
#ifndef MUSCLEMAP_GEOMETRY_HPP_
#define MUSCLEMAP_GEOMETRY_HPP_

#include <array>
#include <cstdint>
#include <string>

#include "musclemap/version.hpp"

namespace musclemap {

/// Voxels along i, j, k (the order of a NIfTI file: i is fastest on disk).
using Index3 = std::array<std::int64_t, 3>;

/// Millimetres per voxel along i, j, k.
using Spacing = std::array<double, 3>;

/// Row-major 4x4 matrix that takes voxel (i, j, k, 1) to RAS+ millimetres.
struct Affine {
  /// Rows one after the other; the identity unless set.
  std::array<double, 16> m{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
  /// @param row 0 to 3
  /// @param column 0 to 3
  /// @return that number
  double operator()(int row, int column) const noexcept { return m[at(row, column)]; }
  /// @param row 0 to 3
  /// @param column 0 to 3
  /// @return that number, to be set
  double& operator()(int row, int column) noexcept { return m[at(row, column)]; }

 private:
  static constexpr std::size_t at(int row, int column) noexcept {
    return static_cast<std::size_t>(row) * 4 + static_cast<std::size_t>(column);
  }
};

/// A grid of voxels. Plain value.
struct MUSCLEMAP_API Geometry {
  Index3 shape{0, 0, 0};  ///< voxels along i, j, k
  Affine to_world;        ///< voxel (i, j, k) to RAS+ mm
  /// False: nobody stated the affine, so that a voxel counts as 1 mm. Measuring warns of it (`no_spacing`).
  bool spacing_known = true;

  /// @return norms of the affine's first three columns, mm
  Spacing spacing() const;
  /// @return volume of one voxel in millilitres: |determinant of the affine's 3x3 part| / 1000
  double voxel_ml() const;
};

/// What other libraries and file formats state in a unit of their own. Error `geometry` for numbers that are
/// not finite, voxel axes that are not independent and spacings outside of 1e-6 to 1e6 mm; `argument` for
/// another unit.
/// @param shape voxels along i, j, k
/// @param affine voxel (i, j, k) to RAS+ positions in `unit`
/// @param unit "mm", "metre", "micron", or "unknown", which counts as mm
/// @return the grid in millimetres
MUSCLEMAP_API Geometry geometry_in_mm(const Index3& shape, const Affine& affine, const std::string& unit);

/// Along which stored axis the cross-sections of a label follow each other: areas, the table by slices and
/// the sections of pictures.
enum class SectionAxis : std::int32_t {
  superior = 1,  ///< the stored axis nearest to patient-superior, the later of equal ones
  stored,  ///< as MuscleMap counts slices: the largest spacing, the third axis where all are equal to 1 %
  i,       ///< the first stored axis
  j,       ///< the second
  k,       ///< the third
};

/// Error `argument` for other names.
/// @param name "superior", "stored", "i", "j" or "k"; any case
/// @return that rule
MUSCLEMAP_API SectionAxis section_axis(const std::string& name);

/// @param section any number
/// @return "superior", "stored", "i", "j", "k"; "unknown" for a number outside the list
MUSCLEMAP_API const char* section_axis_name(SectionAxis section) noexcept;

/// Most that the corners of two grids may lie apart, in voxels, to count as one grid: what rounding of
/// directions and positions makes. Above a thousandth there is a warning.
inline constexpr double kGeometryTolerance = 0.05;

/// @param a one grid
/// @param b the other
/// @param tolerance_mm most distance of corners
/// @return true when both have one shape and no corner of one lies further than `tolerance_mm` from that of
///         the other
MUSCLEMAP_API bool same_grid(const Geometry& a, const Geometry& b, double tolerance_mm = 1e-3);

}  // namespace musclemap

#endif  // MUSCLEMAP_GEOMETRY_HPP_
