// From the foreground of a picture or volume to masks.
#ifndef MUSCLEMAP_DECODE_FLOWS_MASKS_OF_HPP_
#define MUSCLEMAP_DECODE_FLOWS_MASKS_OF_HPP_

#include "decode/flows/foreground.hpp"
#include "musclemap/cells.hpp"

namespace musclemap::decode {

/// What cell_masks() does once it has the foreground, for callers that have flows a band of rows at a time.
/// seconds.dynamics is without the making of the foreground.
/// @param foreground complete; freed on the way
/// @param options valid; cellprob_threshold is that of the foreground
CellMasks masks_of(Foreground foreground, const CellMaskOptions& options, const RunControl& control,
                   CellMaskStages* stages);

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_FLOWS_MASKS_OF_HPP_
