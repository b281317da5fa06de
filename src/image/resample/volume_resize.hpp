// Volumes resized plane by plane as OpenCV resizes planes (docs/chains/cells.md#resizing).
#ifndef MUSCLEMAP_IMAGE_RESAMPLE_VOLUME_RESIZE_HPP_
#define MUSCLEMAP_IMAGE_RESAMPLE_VOLUME_RESIZE_HPP_

#include <cstdint>

#include "image/float_volume.hpp"

namespace musclemap::image {

/// resize_linear() of each (y, x) plane, then of each (z, x) plane to the depth. Held beside both: the volume
/// between them.
FloatVolume resize_volume(const FloatVolume& from, std::int64_t depth, std::int64_t height,
                          std::int64_t width, int threads);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_RESAMPLE_VOLUME_RESIZE_HPP_
