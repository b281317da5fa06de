// Keeping the largest connected part of every label.
#ifndef MUSCLEMAP_IMAGE_LABELS_COMPONENTS_HPP_
#define MUSCLEMAP_IMAGE_LABELS_COMPONENTS_HPP_

#include <cstdint>

#include "musclemap/volume.hpp"

namespace musclemap::image {

/// Sets every voxel to 0 that is not in its label's part with most voxels; 0 is background. Parts are
/// 6-connected; of equal parts the one wins whose first voxel comes first with the first axis slowest and the
/// third fastest (docs/chains/musclemap.md, section 4.10). Returns the number of voxels set to 0. Memory: 16
/// bytes a run, 2 bits a voxel at runs of 64; where runs are shorter than 16 on average, one bit a voxel and
/// the edge of the part that is being followed. T is std::uint8_t or std::int16_t.
template <class T>
std::int64_t keep_largest_components(const VoxelView<T>& labels);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_COMPONENTS_HPP_
