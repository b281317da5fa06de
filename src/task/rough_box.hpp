// The box that a rough task leaves for the one that follows (docs/chains/totalsegmentator.md, section 4).
#ifndef MUSCLEMAP_TASK_ROUGH_BOX_HPP_
#define MUSCLEMAP_TASK_ROUGH_BOX_HPP_

#include "image/grid.hpp"
#include "musclemap/volume.hpp"
#include "task/task_spec.hpp"

namespace musclemap::task {

/// Of the voxels of `labels` (u8 or i16) that have one of the rough task's labels, with its margin in whole
/// voxels, inside the volume. Empty where there are none.
image::Block rough_box(const Rough& rough, const Volume& labels);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_ROUGH_BOX_HPP_
