// Cells of a stack, plane by plane (docs/chains/cells.md#stacks).
#ifndef MUSCLEMAP_TASK_CELLS_CELL_SECTIONS_HPP_
#define MUSCLEMAP_TASK_CELLS_CELL_SECTIONS_HPP_

#include <vector>

#include "infer/engine.hpp"
#include "task/cells/cell_run.hpp"
#include "task/cells/stack_channels.hpp"

namespace musclemap::task {

/// run_cells() of each section, whose cells are then joined with those of the section before.
/// @param channels of two sections or more; the first has values
/// @param stitch_threshold least intersection over union of cells that are one; 0: sections stay as they are,
///        and their cells are numbered from 1 in each
/// @param stages `normalized` is left alone; positions and errors of the sections one behind the other
CellResult run_cell_sections(infer::Engine* engine, const std::vector<StackChannel>& channels,
                             const CellPass& pass, double stitch_threshold, const RunControl& control,
                             CellStages* stages);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_CELL_SECTIONS_HPP_
