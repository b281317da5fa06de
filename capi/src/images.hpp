// Pixels of images for calls that need them.
#ifndef MUSCLEMAP_CAPI_IMAGES_HPP_
#define MUSCLEMAP_CAPI_IMAGES_HPP_

#include <cstdint>

#include "handles.hpp"

namespace musclemap::capi {

/// Pixel (0, 0, 0, 0, 0), whatever the type.
const void* first_pixel(const ImageStack& stack);

/// Times `begin` to `begin + count` of a file in memory. Hears planes of Stage::read.
ImageStack planes_of(PictureReader& reader, std::int64_t begin, std::int64_t count,
                     const RunControl& control);

/// One time of an image, shape (1, C, Z, Y, X): shared memory, or read from its file.
ImageStack frame_of(const mm_image& image, std::int64_t time);

/// The same with X fastest and nothing in between.
ImageStack contiguous_frame_of(const mm_image& image, std::int64_t time);

}  // namespace musclemap::capi

#endif  // MUSCLEMAP_CAPI_IMAGES_HPP_
