// From the foreground of a picture or volume to masks.
#ifndef MUSCLEMAP_DECODE_FLOWS_MASKS_OF_HPP_
#define MUSCLEMAP_DECODE_FLOWS_MASKS_OF_HPP_

#include <cstddef>
#include <cstdint>

#include "decode/flows/foreground.hpp"
#include "musclemap/cells.hpp"

namespace musclemap::decode {

/// Pixels that masks get; 0: those of the flows.
struct MaskSize {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t depth = 1;  ///< planes
};

/// What cell_masks() does once it has the foreground, for callers that have flows a band of rows at a time.
/// seconds.dynamics is without the making of the foreground.
/// @param foreground complete; freed on the way
/// @param options valid; cellprob_threshold is that of the foreground
/// @param size masks are resized to it by the nearest pixel before holes and small cells are seen to
CellMasks masks_of(Foreground foreground, const CellMaskOptions& options, const RunControl& control,
                   CellMaskStages* stages, const MaskSize& size = {});

/// What a foreground and masks_of() take, in bytes; upper estimates.
struct MaskMemory {
  std::size_t foreground = 0;  ///< of a foreground of all pixels
  std::size_t following = 0;   ///< the same with ends and seeds
  std::size_t window = 0;      ///< beside that
  std::size_t painting = 0;    ///< a foreground of all pixels without its steps, and its labels
  std::size_t maps = 0;        ///< beside that: the masks

  /// At the peak, where `share` of the pixels are foreground.
  std::size_t at(double share) const;
};
/// @param mask_pixels of the masks
MaskMemory mask_memory(const FlowShape& shape, const CellMaskOptions& options, std::int64_t mask_pixels);

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_FLOWS_MASKS_OF_HPP_
