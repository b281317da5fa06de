// The skin around a body.
#ifndef MUSCLEMAP_IMAGE_LABELS_SKIN_HPP_
#define MUSCLEMAP_IMAGE_LABELS_SKIN_HPP_

#include "musclemap/volume.hpp"

namespace musclemap::image {

/// The skin as TotalSegmentator derives it (docs/chains/totalsegmentator.md, section 9): the body dilated by
/// one step over faces, less its erosion by three, where the image lies above -200 and below 250 HU; then
/// without 6-connected components of 5 voxels and fewer. `body` is a volume of u8, 0 outside; `image` is read
/// slice by slice and lies on its grid. Returns a volume of u8, 0 and 1. Memory: two volumes of u8.
Volume skin_of(const Volume& body, SlabReader& image);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_SKIN_HPP_
