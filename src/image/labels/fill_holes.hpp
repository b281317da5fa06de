// Holes of a mask.
#ifndef MUSCLEMAP_IMAGE_LABELS_FILL_HOLES_HPP_
#define MUSCLEMAP_IMAGE_LABELS_FILL_HOLES_HPP_

#include <cstdint>

#include "musclemap/volume.hpp"

namespace musclemap::image {

/// Sets to 1 the background (0) that no path over faces joins to the border of the volume, as SciPy's
/// binary_fill_holes() does. Returns the number of voxels set. Memory: what LabelParts holds, runs of two
/// slices; and the edge of the hole that is being filled.
std::int64_t fill_holes(const VoxelView<std::uint8_t>& mask);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_FILL_HOLES_HPP_
