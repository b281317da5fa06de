// A table of cells that are volumes (docs/chains/cells.md, "The table of cells").
#ifndef MUSCLEMAP_QUANT_CELLS_CELL_VOLUME_TABLE_HPP_
#define MUSCLEMAP_QUANT_CELLS_CELL_VOLUME_TABLE_HPP_

#include <cstdint>
#include <vector>

#include "quant/cells/cell_table.hpp"

namespace musclemap::quant {

/// Labels of stacks, shape (T, Z, Y, X).
struct CellStackLabels {
  CellLabels planes;  ///< `frames` are T
  std::int64_t sections = 1;
  double pixel_size_z_um = 0;  ///< between sections; 0: unknown
};

/// A row a cell and frame, by frame and label. Columns: frame (from 0), label, volume (voxels; µm³ where all
/// sizes are known), centroid (x and y in pixels, z in sections, 0 is the middle of the first), sections that
/// it is in, whether it touches the border of the stack (1 or 0), mean and median of each channel. Memory: 16
/// bytes a voxel of cells in a frame where there are channels.
/// @param channels `read` gets t * sections + z in place of the frame
MetricsTable cell_volume_table(const CellStackLabels& cells, const std::vector<CellChannel>& channels);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CELLS_CELL_VOLUME_TABLE_HPP_
