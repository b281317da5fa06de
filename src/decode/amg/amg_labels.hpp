// Cells from the masks that the Segment Anything Model proposes for a grid of points: automatic mask
// generation (AMG).
#ifndef MUSCLEMAP_DECODE_AMG_AMG_LABELS_HPP_
#define MUSCLEMAP_DECODE_AMG_AMG_LABELS_HPP_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "decode/amg/mask_runs.hpp"
#include "image/plane.hpp"

namespace musclemap::decode {

/// Which masks are kept; the defaults are segment-anything's and micro-sam's.
struct AmgOptions {
  double pred_iou_thresh = 0.88;         ///< masks have a higher predicted IoU
  double stability_score_thresh = 0.95;  ///< and this stability or more
  double box_nms_thresh =
      0.7;  ///< of two whose boxes overlap more (IoU), that with the lower predicted IoU goes
  bool drop_largest = false;  ///< as micro-sam does: the largest region of the map goes, even if it is a cell
};

/// Whether a mask with that predicted IoU may be kept at all; known before its logits are read.
bool may_keep(float predicted_iou, const AmgOptions& options);
/// Whether its predicted IoU and its stability keep a mask.
bool keeps(const SamMask& mask, const AmgOptions& options);

/// Which masks remain when those go whose box overlaps that of a better one: their places, the best predicted
/// IoU first, of equal ones the first.
std::vector<std::size_t> suppress_boxes(const std::vector<SamMask>& masks, double box_nms_thresh);

/// Labels of a plane.
struct AmgLabels {
  std::vector<std::uint32_t> labels;  ///< (y, x), 0 is background
  std::int64_t count = 0;             ///< labels are 1 .. count
};

/// Masks laid one on the other, the largest first; each 8-connected region of a mask's visible pixels is a
/// cell. docs/chains/cells.md#amg.
/// @param order places in `masks`, equal areas are laid in this order
AmgLabels masks_to_labels(const std::vector<SamMask>& masks, std::vector<std::size_t> order,
                          const image::PlaneShape& shape, const AmgOptions& options);

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_AMG_AMG_LABELS_HPP_
