// A box of an image as a cubic B-spline, as itk::BSplineInterpolateImageFunction has it: Unser, Aldroubi and
// Eden, B-spline signal processing, IEEE Trans. Signal Processing 41(2), 1993; mirrored at the borders.
#ifndef MUSCLEMAP_QUANT_RADIOMICS_CUBIC_SPLINE_HPP_
#define MUSCLEMAP_QUANT_RADIOMICS_CUBIC_SPLINE_HPP_

#include <array>
#include <cstdint>
#include <vector>

#include "musclemap/volume.hpp"
#include "quant/radiomics/itk_grid.hpp"

namespace musclemap::quant {

/// In ITK's order of operations: at the place of a sample the value is that of the sample but for the last
/// bits, and where integers are truncated those decide. Holds 8 bytes a voxel of the box and around it.
class CubicSpline {
 public:
  /// Of the voxels [begin, end) of the image and 40 around them, over which the filter forgets where it
  /// began; what is evaluated lies within two voxels of the box.
  CubicSpline(const Volume& image, const Index3& begin, const Index3& end);

  /// At a position in voxels of the image.
  double at(const Point& voxel) const;

 private:
  void filter(std::size_t axis);

  Index3 first_{};  // of the image, voxel 0 of the coefficients
  Index3 shape_{};
  Index3 stride_{};
  std::vector<double> coefficients_;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_RADIOMICS_CUBIC_SPLINE_HPP_
