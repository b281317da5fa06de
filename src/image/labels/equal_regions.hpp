// Regions of equal values of a plane, numbered.
#ifndef MUSCLEMAP_IMAGE_LABELS_EQUAL_REGIONS_HPP_
#define MUSCLEMAP_IMAGE_LABELS_EQUAL_REGIONS_HPP_

#include <cstdint>

#include "image/plane.hpp"

namespace musclemap::image {

/// Replaces each value above 0 by the number of its 8-connected region of equal values, from 1 on in the
/// order of the regions' first pixels, rows first, as scikit-image's label() does. Returns the number of
/// regions. Memory: 24 bytes a run of a row. Error `argument` where a plane has 2^32 runs or more.
/// @param values (y, x)
std::int64_t number_equal_regions(const PlaneShape& shape, std::uint32_t* values);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_EQUAL_REGIONS_HPP_
