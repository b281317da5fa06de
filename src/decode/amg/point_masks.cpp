#include "decode/amg/point_masks.hpp"

#include <cstddef>
#include <utility>

#include "base/parallel.hpp"
#include "image/resample/bilinear.hpp"

namespace musclemap::decode {

SamMask mask_of_map(const float* map, const MapPlacement& placement) {
  image::BilinearRows model([&](std::int64_t y) { return map + y * placement.map; },
                            {placement.map, placement.map}, {placement.model, placement.model});
  image::BilinearRows picture([&](std::int64_t y) { return model.row(y); }, placement.scaled,
                              placement.picture);
  return reduce_logits([&](std::int64_t y) { return picture.row(y); }, placement.picture);
}

void add_point_masks(const float* maps, const float* predicted_iou, std::int64_t count,
                     const MapPlacement& placement, const AmgOptions& options, int threads,
                     std::vector<SamMask>* masks) {
  std::vector<std::int64_t> wanted;
  for (std::int64_t m = 0; m < count; ++m) {
    if (may_keep(predicted_iou[m], options)) wanted.push_back(m);
  }
  std::vector<SamMask> found(wanted.size());
  std::vector<std::uint8_t> kept(wanted.size());
  base::parallel_for(static_cast<std::int64_t>(wanted.size()), threads, [&](std::int64_t at) {
    const std::int64_t m = wanted[static_cast<std::size_t>(at)];
    SamMask mask = mask_of_map(maps + m * placement.map * placement.map, placement);
    mask.predicted_iou = predicted_iou[m];
    if (!keeps(mask, options)) return;
    found[static_cast<std::size_t>(at)] = std::move(mask);
    kept[static_cast<std::size_t>(at)] = 1;
  });
  for (std::size_t at = 0; at < found.size(); ++at) {
    if (kept[at] != 0) masks->push_back(std::move(found[at]));
  }
}

}  // namespace musclemap::decode
