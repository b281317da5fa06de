// Planes of 8-bit values resized as Pillow's resize(size, BILINEAR) does, to the last bit.
#ifndef MUSCLEMAP_IMAGE_RESAMPLE_PILLOW_HPP_
#define MUSCLEMAP_IMAGE_RESAMPLE_PILLOW_HPP_

#include <cstdint>
#include <vector>

#include "image/plane.hpp"

namespace musclemap::image {

/// A triangle over the source values, as wide as a target pixel where the plane shrinks (antialiasing), its
/// weights in 22-bit fixed point; columns first, rounded to 8 bits, then rows
/// (docs/chains/cells.md#pictures-for-micro-sam). Error `argument` where an extent is below 1 or above 2^30.
std::vector<std::uint8_t> resize_pillow(const std::uint8_t* plane, const PlaneShape& from,
                                        const PlaneShape& to, int threads);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_RESAMPLE_PILLOW_HPP_
