// Grids and lines of samples in ITK's order of operations. Where voxels of the new grid lie halfway between
// two of the old one, as they do from 1.5 to 3 mm, the last bit decides which of the two is nearest.
#ifndef MUSCLEMAP_QUANT_RADIOMICS_ITK_GRID_HPP_
#define MUSCLEMAP_QUANT_RADIOMICS_ITK_GRID_HPP_

#include <array>
#include <cstdint>

#include "musclemap/geometry.hpp"

namespace musclemap::quant {

using Point = std::array<double, 3>;

/// Voxels to millimetres and back, as itk::ImageBase has them. A sign common to a row, which is what tells
/// ITK's LPS from RAS, changes no bit.
class ItkGrid {
 public:
  /// Error `geometry` for axes that are not independent.
  explicit ItkGrid(const Geometry& geometry);
  /// Another spacing and origin in the same directions.
  ItkGrid(const ItkGrid& directions, const Spacing& spacing, const Point& origin);

  const Spacing& spacing() const { return spacing_; }
  /// itk::ImageBase::TransformIndexToPhysicalPoint
  Point point(const Index3& voxel) const;
  /// itk::ImageBase::TransformContinuousIndexToPhysicalPoint
  Point point(const Point& voxel) const;
  /// itk::ImageBase::TransformPhysicalPointToContinuousIndex
  Point voxel(const Point& point) const;

 private:
  using Rows = std::array<std::array<double, 3>, 3>;

  Spacing spacing_;
  Point origin_;
  Rows to_point_{};
  Rows to_voxel_{};
};

/// Positions in `from` of a line of voxels along the first axis of `to`: itk::ResampleImageFilter follows a
/// straight line from the first voxel to the one behind the last.
class SampleLine {
 public:
  SampleLine(const ItkGrid& from, const ItkGrid& to, std::int64_t length, std::int64_t j, std::int64_t k);
  Point at(std::int64_t i) const;

 private:
  double length_;
  Point begin_;
  Point end_;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_RADIOMICS_ITK_GRID_HPP_
