// Between which scores of another grid a voxel lies, for half-pixel coordinates
// (docs/chains/totalsegmentator.md, section 7.6).
#ifndef MUSCLEMAP_DECODE_HALF_PIXEL_TAPS_HPP_
#define MUSCLEMAP_DECODE_HALF_PIXEL_TAPS_HPP_

#include <array>
#include <cstdint>
#include <vector>

#include "image/half_pixel_back.hpp"

namespace musclemap::decode {

/// Two neighbours along an axis and their weights; where one alone counts both are that one and its weight is
/// 1, the other's 0.
struct AxisTap {
  std::int64_t lower = 0;
  std::int64_t upper = 0;
  double lower_weight = 1;
  double upper_weight = 0;
};

/// Of every voxel of the target along x, y, z. Coordinates (i + 0.5) n / n' - 0.5 are held within the grid,
/// as SciPy's zoom(grid_mode=True, mode="nearest") does; all in double. Errors: `unsupported` for orders
/// other than 0 and 1, and for one other than 0 along a separate axis.
std::array<std::vector<AxisTap>, 3> half_pixel_taps(const image::HalfPixelBack& back);

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_HALF_PIXEL_TAPS_HPP_
