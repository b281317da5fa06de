// Where the voxels of cells end that follow the flows of a volume without interpolation.
#ifndef MUSCLEMAP_DECODE_FLOWS_FOLLOW_VOXELS_HPP_
#define MUSCLEMAP_DECODE_FLOWS_FOLLOW_VOXELS_HPP_

#include "decode/flows/follow_flows.hpp"

namespace musclemap::decode {

/// docs/chains/cells.md#dynamics for three axes without `interp`: the step is that of the voxel which holds
/// the position. options.interp and bands do not count. Memory beside the result: 4 bytes a voxel of the
/// volume and 12 one of the foreground. Errors: `cancelled`.
FlowEnds follow_voxels(const Foreground& foreground, const FollowOptions& options, const RunControl& control);

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_FLOWS_FOLLOW_VOXELS_HPP_
