// Vertebrae that have taken each other's voxels.
#ifndef MUSCLEMAP_IMAGE_LABELS_SEPARATE_VERTEBRAE_HPP_
#define MUSCLEMAP_IMAGE_LABELS_SEPARATE_VERTEBRAE_HPP_

#include <cstddef>
#include <cstdint>

#include "musclemap/volume.hpp"

namespace musclemap::image {

/// Labels `first` (C1) to `last` (L5), from top to bottom.
struct VertebraLabels {
  std::int64_t first = 1;
  std::int64_t last = 24;
};

/// Where voxels of two labels share a face, every 6-connected component of the foreground becomes one
/// vertebra (docs/chains/totalsegmentator.md, section 9): those of `least_mm3` and more, in the order of
/// their centroids along the third axis, which leads upwards. Without L5 but with C1 they are counted from
/// the top from C1 on, else from the bottom from the greatest label present on; of components at equal height
/// that comes first whose first voxel does, with the first axis slowest. What is small, or beyond the labels,
/// becomes 0. Returns whether two labels touched. Memory: 16 bytes a run along the first axis. T is
/// std::uint8_t or std::int16_t.
template <class T>
bool separate_vertebrae(const VoxelView<T>& labels, const VertebraLabels& vertebrae, double voxel_mm3,
                        double least_mm3);

/// Bytes that it holds at most.
std::size_t separate_vertebrae_bytes(const Index3& shape);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_SEPARATE_VERTEBRAE_HPP_
