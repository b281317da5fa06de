// Pictures as the encoder of the Segment Anything Model takes them.
#ifndef MUSCLEMAP_IMAGE_STEPS_SAM_PICTURE_HPP_
#define MUSCLEMAP_IMAGE_STEPS_SAM_PICTURE_HPP_

#include <cstdint>
#include <optional>
#include <vector>

#include "image/plane.hpp"

namespace musclemap::image {

/// Pixels of the square that the encoder sees.
constexpr std::int64_t kSamSize = 1024;

/// How micro-sam makes 8 bits of a picture.
enum class SamContrast : std::int32_t {
  per_channel,  ///< from 1.7 on: the range of each channel
  as_1_6_1,     ///< until 1.6.1: 8-bit pictures as they are, of others the range of all channels together
};

/// A part of a picture in memory: channels of f32 values, each (y, x) with `stride` values from row to row.
struct PicturePart {
  std::vector<const float*>
      channels;  ///< their first pixels; one or more, those behind the third are left out
  PlaneShape shape{};
  std::int64_t stride = 0;
  bool eight_bit = false;  ///< the picture is of 8-bit values
};

/// What the encoder takes.
struct SamPicture {
  PlaneShape scaled{};        ///< pixels of the square that the picture fills, from the upper left on
  std::vector<float> values;  ///< (3, 1024, 1024)
};

/// Height and width on a longest side of 1024; 1 at least.
PlaneShape sam_scaled_shape(const PlaneShape& shape);

/// 8 bits, 1024 pixels, means and deviations of the model: docs/chains/cells.md#pictures-for-micro-sam.
/// Nothing for a part of one value, or of one in each channel where channels are taken by themselves. Errors:
/// `argument` for no channel, an extent below 1 and for values that are no finite numbers (reason
/// `nonfinite`).
std::optional<SamPicture> sam_picture(const PicturePart& part, SamContrast contrast, int threads);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_STEPS_SAM_PICTURE_HPP_
