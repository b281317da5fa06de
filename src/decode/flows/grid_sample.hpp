// Where the pixels of cells end that follow the flows, as Cellpose computes it on a GPU, in volumes, and from
// version 4 on everywhere.
#ifndef MUSCLEMAP_DECODE_FLOWS_GRID_SAMPLE_HPP_
#define MUSCLEMAP_DECODE_FLOWS_GRID_SAMPLE_HPP_

#include "decode/flows/follow_flows.hpp"
#include "decode/flows/foreground.hpp"
#include "musclemap/run.hpp"

namespace musclemap::decode {

/// docs/chains/cells.md#dynamics-of-grid_sample: positions in [-1, 1], steps by torch's
/// grid_sample() with zeros outside and align_corners off. Bit-equal to LibTorch's kernels on a CPU with FMA.
/// `interp`, `band_rows` and `margin_rows` do not matter. Along an axis of one pixel nothing moves. Memory
/// beside the result: 4 bytes for each component of a pixel. Errors: `cancelled`.
FlowEnds follow_by_grid_sample(const Foreground& foreground, const FollowOptions& options,
                               const RunControl& control);

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_FLOWS_GRID_SAMPLE_HPP_
