// Which values along an axis make those of another length of it: the rules of SciPy's zoom()
// (docs/chains/totalsegmentator.md, sections 5 and 7.3).
#ifndef MUSCLEMAP_IMAGE_RESAMPLE_AXIS_TAPS_HPP_
#define MUSCLEMAP_IMAGE_RESAMPLE_AXIS_TAPS_HPP_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/interpolation.hpp"

namespace musclemap::image {

/// Edge values that stand on either side of a line before its spline is made.
constexpr std::int64_t kSplineEdge = 12;

/// Most voxels that a grid may get along an axis, those of a NIfTI file.
constexpr double kMostAxisVoxels = 32767;

/// How the indices of a grid lie on another of the same extent.
enum class Alignment : std::uint8_t {
  corner,     ///< i (n - 1) / (n' - 1): the first on the first, the last on the last
  half_pixel  ///< (i + 0.5) n / n' - 0.5: edges on edges
};

/// What index i reads: source indices at[count i .. count (i + 1)) with weights beside them. Of a
/// spline, indices count from the first edge value.
struct AxisTaps {
  std::int64_t count = 1;
  std::vector<std::int64_t> at;
  std::vector<double> weight;

  std::int64_t size() const { return static_cast<std::int64_t>(at.size()) / count; }
};

AxisTaps axis_taps(std::int64_t source, std::int64_t target, Alignment alignment,
                   Interpolation interpolation);

/// The source index nearest to where index i lies, the upper one of two.
std::int64_t nearest_tap(std::int64_t source, std::int64_t target, Alignment alignment, std::int64_t i);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_RESAMPLE_AXIS_TAPS_HPP_
