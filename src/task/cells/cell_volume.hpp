// Cells of a stack as volumes: a network that sees it from three sides (docs/chains/cells.md#stacks).
#ifndef MUSCLEMAP_TASK_CELLS_CELL_VOLUME_HPP_
#define MUSCLEMAP_TASK_CELLS_CELL_VOLUME_HPP_

#include <array>
#include <cstdint>
#include <vector>

#include "infer/engine.hpp"
#include "task/cells/cell_run.hpp"
#include "task/cells/stack_channels.hpp"

namespace musclemap::task {

/// Of one run.
struct CellVolumePass {
  CellPass pass;  ///< its tiles are 224 voxels long, whatever it says
  double anisotropy = 1;
  double smooth = 0;  ///< sigma in voxels
  bool mean = false;  ///< of the sides, not their sum
};

/// Voxels (z, y, x) that the network sees. Error `argument` where none are left along an axis.
std::array<std::int64_t, 3> network_shape(const std::array<std::int64_t, 3>& shape, const CellScale& scale,
                                          double anisotropy);

/// `channels` are freed on the way; the first has values. Progress: Stage::infer by tile, Stage::filter of
/// the masks. `stages->normalized` is left alone.
CellResult run_cell_volume(infer::Engine* engine, std::vector<StackChannel> channels,
                           const CellVolumePass& how, const RunControl& control, CellStages* stages);

/// Upper estimate of what it holds at its peak beside the engine and `channels`.
std::size_t cell_volume_bytes(const std::array<std::int64_t, 3>& shape, const CellVolumePass& how,
                              std::int64_t used_channels);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_CELL_VOLUME_HPP_
