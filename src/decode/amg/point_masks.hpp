// From the small logit maps of SAM's mask decoder to masks of a picture, one at a time.
#ifndef MUSCLEMAP_DECODE_AMG_POINT_MASKS_HPP_
#define MUSCLEMAP_DECODE_AMG_POINT_MASKS_HPP_

#include <cstdint>
#include <vector>

#include "decode/amg/amg_labels.hpp"
#include "decode/amg/mask_runs.hpp"
#include "image/plane.hpp"

namespace musclemap::decode {

/// How a decoder's maps lie on a picture: they are resized to a square of `model` pixels, of which the upper
/// left `scaled` part is resized to `picture`.
struct MapPlacement {
  std::int64_t map = 256;
  std::int64_t model = 1024;
  image::PlaneShape scaled{};
  image::PlaneShape picture{};
};

/// The mask of one map: bilinear twice, row by row. Memory: a dozen rows.
SamMask mask_of_map(const float* map, const MapPlacement& placement);

/// Adds to `masks` those of `count` maps that the options keep, in order; maps whose predicted IoU rules them
/// out are not read. Results do not depend on threads.
/// @param maps (count, map, map) logits
/// @param predicted_iou (count)
void add_point_masks(const float* maps, const float* predicted_iou, std::int64_t count,
                     const MapPlacement& placement, const AmgOptions& options, int threads,
                     std::vector<SamMask>* masks);

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_AMG_POINT_MASKS_HPP_
