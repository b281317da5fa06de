// The grid that an oriented volume is resampled to before a network sees it (docs/chains/musclemap.md,
// section 4.3).
#ifndef MUSCLEMAP_IMAGE_SAMPLING_GRID_HPP_
#define MUSCLEMAP_IMAGE_SAMPLING_GRID_HPP_

#include "image/matrix.hpp"
#include "musclemap/geometry.hpp"

namespace musclemap::image {

struct SamplingGrid {
  Index3 shape;           ///< voxels of the new grid
  Matrix4 to_world;       ///< voxel of the new grid -> RAS+ mm
  Matrix4 to_source;      ///< voxel of the new grid -> voxel of the source
  Matrix4 from_source;    ///< voxel of the source -> voxel of the new grid
  bool identity = false;  ///< the source's own grid is used as it is
};

/// Grid of spacing `target_mm` over a source of `shape` and `to_world`; an axis with a target <= 0, or within
/// 1e-3 mm of it, keeps its spacing. Shear is dropped. Error `geometry` for an affine of no volume;
/// `geometry` with reason `limit` when an axis of the new grid would exceed 32767 voxels.
SamplingGrid sampling_grid(const Index3& shape, const Matrix4& to_world, const Spacing& target_mm);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_SAMPLING_GRID_HPP_
