#include "decode/amg/amg_labels.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/checked.hpp"
#include "image/labels/equal_regions.hpp"

namespace musclemap::decode {
namespace {

using Box = std::array<float, 4>;

Box float_box(const SamMask& mask) {
  Box box;
  std::transform(mask.box.begin(), mask.box.end(), box.begin(),
                 [](std::int64_t edge) { return static_cast<float>(edge); });
  return box;
}

float box_area(const Box& box) { return (box[2] - box[0]) * (box[3] - box[1]); }

// No number where both areas are 0.
float box_iou(const Box& a, const Box& b) {
  const float width = std::max(0.0F, std::min(a[2], b[2]) - std::max(a[0], b[0]));
  const float height = std::max(0.0F, std::min(a[3], b[3]) - std::max(a[1], b[1]));
  const float both = width * height;
  return both / (box_area(a) + box_area(b) - both);
}

// The largest region, background included, of equal ones the first, becomes background.
void drop_largest_region(AmgLabels* cells) {
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(cells->count) + 1);
  for (const std::uint32_t label : cells->labels) ++sizes[label];
  const auto largest =
      static_cast<std::uint32_t>(std::max_element(sizes.begin(), sizes.end()) - sizes.begin());
  if (largest == 0) return;
  for (std::uint32_t& label : cells->labels) label = label == largest ? 0 : label - (label > largest ? 1 : 0);
  --cells->count;
}

}  // namespace

bool may_keep(float predicted_iou, const AmgOptions& options) {
  // Thresholds are compared in the scores' precision, as LibTorch does.
  return predicted_iou > static_cast<float>(options.pred_iou_thresh);
}

bool keeps(const SamMask& mask, const AmgOptions& options) {
  return may_keep(mask.predicted_iou, options) &&
         mask.stability >= static_cast<float>(options.stability_score_thresh);
}

std::vector<std::size_t> suppress_boxes(const std::vector<SamMask>& masks, double box_nms_thresh) {
  std::vector<std::size_t> order(masks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return masks[a].predicted_iou > masks[b].predicted_iou;
  });
  std::vector<std::size_t> kept;
  std::vector<Box> boxes;
  for (const std::size_t at : order) {
    const Box box = float_box(masks[at]);
    const bool gone = std::any_of(boxes.begin(), boxes.end(), [&](const Box& better) {
      return static_cast<double>(box_iou(better, box)) > box_nms_thresh;
    });
    if (gone) continue;
    kept.push_back(at);
    boxes.push_back(box);
  }
  return kept;
}

AmgLabels masks_to_labels(const std::vector<SamMask>& masks, std::vector<std::size_t> order,
                          const image::PlaneShape& shape, const AmgOptions& options) {
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return masks[a].area > masks[b].area; });
  AmgLabels cells;
  cells.labels.resize(static_cast<std::size_t>(base::checked_mul(shape[0], shape[1])));
  std::uint32_t number = 0;
  for (const std::size_t at : order) {
    ++number;
    for (const MaskRun& run : masks[at].runs) {
      std::uint32_t* row = cells.labels.data() + std::int64_t{run.y} * shape[1];
      std::fill(row + run.begin, row + run.end, number);
    }
  }
  cells.count = image::number_equal_regions(shape, cells.labels.data());
  if (options.drop_largest) drop_largest_region(&cells);
  return cells;
}

}  // namespace musclemap::decode
