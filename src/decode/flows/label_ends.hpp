// From the ends of flows to labels: where many end, there is a cell.
#ifndef MUSCLEMAP_DECODE_FLOWS_LABEL_ENDS_HPP_
#define MUSCLEMAP_DECODE_FLOWS_LABEL_ENDS_HPP_

#include <cstdint>
#include <vector>

#include "decode/flows/foreground.hpp"
#include "musclemap/run.hpp"

namespace musclemap::decode {

/// Replaces the number of the pixel at which each foreground pixel ends by its label, 0 where that belongs to
/// no cell (docs/chains/cells.md#seeds-and-labels); not renumbered. Returns the number of seeds,
/// which is the greatest label. Of a picture the ends are looked at in bands of `band_rows` rows (of a volume
/// in planes), which changes nothing. Memory: 8 bytes a pixel of a band, 12 a seed and 4 a pixel that it
/// grows to. Errors: `cancelled`.
std::uint32_t label_ends(const FlowShape& shape, std::int64_t band_rows, const RunControl& control,
                         std::vector<std::uint32_t>* ends);

/// Sets labels of more than `most` pixels to 0 and renumbers the others 1, 2, … by their first pixels.
/// `greatest` is that label_ends() returned. Returns how many are left.
std::uint32_t drop_large_labels(double most, std::uint32_t greatest, std::vector<std::uint32_t>* labels);

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_FLOWS_LABEL_ENDS_HPP_
