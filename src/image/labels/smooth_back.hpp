// Labels of a coarse grid on a finer one, class by class with linear interpolation.
#ifndef MUSCLEMAP_IMAGE_LABELS_SMOOTH_BACK_HPP_
#define MUSCLEMAP_IMAGE_LABELS_SMOOTH_BACK_HPP_

#include "musclemap/volume.hpp"

namespace musclemap::image {

/// TotalSegmentator's up-sampling of label maps before 2.16 (docs/chains/totalsegmentator.md, section 5):
/// each label, ascending, is 1 inside and 0 outside, interpolated with half-pixel coordinates within its box
/// and two voxels around it; where that is at least 0.5 the target has the label. Grids of one shape: as it
/// is.
/// @param labels u8 or i16, contiguous, not negative
/// @param to the target's grid
/// @return of the type of `labels`
Volume smooth_back(const Volume& labels, const Geometry& to, int threads);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_SMOOTH_BACK_HPP_
