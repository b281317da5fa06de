// Marked regions grown over a plane in the order of its values.
#ifndef MUSCLEMAP_IMAGE_LABELS_WATERSHED_HPP_
#define MUSCLEMAP_IMAGE_LABELS_WATERSHED_HPP_

#include <cstdint>

#include "image/plane.hpp"

namespace musclemap::image {

/// Grows the markers (labels above 0) over the pixels of `mask` that a path of 4-neighbours joins to them, as
/// scikit-image's watershed() does: the pixel with the lowest value, of equal ones that which came first,
/// labels its unlabelled neighbours above, left, right and below, which queue with their own values.
/// docs/chains/cells.md#ais. Regions of the mask are flooded side by side, unless markers of one
/// value and different labels meet in one. Memory: 4 bytes a pixel, 32 bytes an outer pixel of a marker.
/// Values are numbers; markers lie in the mask; Error `argument` for planes of 2^32 pixels or more.
/// @param values (y, x)
/// @param mask (y, x), 0 or 1
/// @param labels (y, x): markers, afterwards regions
void watershed(const float* values, const std::uint8_t* mask, const PlaneShape& shape, int threads,
               std::uint32_t* labels);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_WATERSHED_HPP_
