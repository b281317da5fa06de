// Where the windows of a run over a whole volume lie, and what weights them: nnU-Net's rules
// (docs/chains/totalsegmentator.md, section 7.5).
#ifndef MUSCLEMAP_INFER_VOLUME_WINDOWS_HPP_
#define MUSCLEMAP_INFER_VOLUME_WINDOWS_HPP_

#include <array>
#include <cstdint>
#include <vector>

#include "infer/window_plan.hpp"

namespace musclemap::infer {

/// Windows of a grid. The network's axes, slowest first, are the grid's z, y and x; those of a network of two
/// axes are y and x, and it sees every slice by itself.
struct VolumeWindows {
  AxisPlan z;
  AxisPlan y;
  AxisPlan x;
  Index3 image{};              ///< voxels of the grid along x, y, z
  int axes = 3;                ///< of the network: 2 or 3
  std::vector<float> weights;  ///< of a window's voxels, [z][y][x] with x fastest: halves as floats

  std::int64_t windows() const {
    return static_cast<std::int64_t>(z.starts.size() * y.starts.size() * x.starts.size());
  }
  std::int64_t voxels() const { return z.window * y.window * x.window; }  ///< of a window
  /// Of one window of so many channels: {1, channels, z, y, x}, or {1, channels, y, x}.
  std::vector<std::int64_t> shape(std::int64_t channels) const;
};

/// `patch` in the network's axes, two or three of them, each at least 1; `step` from one window to the next
/// as a part of a window, in (0, 1]. A grid that is smaller than the patch is padded with zeros on both
/// sides, the smaller half below. Windows overlap by their plan: positions j * ((I - P) / (m - 1)), where the
/// step is rounded to double first, then half to even. Error `argument` for another number of axes.
VolumeWindows plan_volume(const std::vector<std::int64_t>& patch, double step, const Index3& image);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_VOLUME_WINDOWS_HPP_
