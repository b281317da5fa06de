// What lies near some voxels on a finer or coarser grid, along one axis, with half-pixel coordinates.
#ifndef MUSCLEMAP_IMAGE_NEAR_BOX_HPP_
#define MUSCLEMAP_IMAGE_NEAR_BOX_HPP_

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace musclemap::image {

/// Along one axis: voxels [begin, end), and those of the target that they reach.
struct NearBox {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::int64_t target_begin = 0;
  std::int64_t target_end = 0;
};

/// [voxels[0], voxels[1]) with `margin` around, inside of `from`; of the target's `to` voxels those from
/// floor(begin r) to below ceil(end r), with r = to / from in double (TotalSegmentator 2.18.0).
inline NearBox near_box(const std::array<std::int64_t, 2>& voxels, std::int64_t margin, std::int64_t from,
                        std::int64_t to) {
  NearBox box;
  box.begin = std::max<std::int64_t>(voxels[0] - margin, 0);
  box.end = std::min(voxels[1] + margin, from);
  const double scale = static_cast<double>(to) / static_cast<double>(from);
  const double first = std::floor(static_cast<double>(box.begin) * scale);
  const double behind = std::ceil(static_cast<double>(box.end) * scale);
  box.target_begin = std::max<std::int64_t>(static_cast<std::int64_t>(first), 0);
  box.target_end = std::min(static_cast<std::int64_t>(behind), to);
  return box;
}

/// Where voxel i of the target lies, counted from `begin`: (i + 0.5) from / to - 0.5 - begin, from left to
/// right in double.
inline double near_coordinate(std::int64_t i, std::int64_t from, std::int64_t to, std::int64_t begin) {
  return (static_cast<double>(i) + 0.5) * static_cast<double>(from) / static_cast<double>(to) - 0.5 -
         static_cast<double>(begin);
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_NEAR_BOX_HPP_
