// Holes and small cells.
#ifndef MUSCLEMAP_DECODE_FLOWS_CLEAN_UP_HPP_
#define MUSCLEMAP_DECODE_FLOWS_CLEAN_UP_HPP_

#include <cstdint>
#include <vector>

#include "decode/flows/foreground.hpp"
#include "musclemap/cells.hpp"

namespace musclemap::decode {

/// docs/chains/cells.md#holes-and-small-cells with options.min_size, compat and largest_part_only: the last
/// step of cell_masks(), and what stitched planes of a stack get, whose own masks were made without a minimum
/// size.
/// @param shape of three axes: holes are those of a volume
/// @param labels in C order
void clean_up(const FlowShape& shape, const CellMaskOptions& options, std::vector<std::uint32_t>* labels);

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_FLOWS_CLEAN_UP_HPP_
