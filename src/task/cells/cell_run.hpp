// One pass of a network of Cellpose over a picture, from intensities to masks
// (docs/chains/cells.md#pictures).
#ifndef MUSCLEMAP_TASK_CELLS_CELL_RUN_HPP_
#define MUSCLEMAP_TASK_CELLS_CELL_RUN_HPP_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "decode/flows/masks_of.hpp"
#include "image/float_plane.hpp"
#include "image/row_source.hpp"
#include "infer/cell_tiles.hpp"
#include "infer/engine.hpp"
#include "musclemap/cell_segmenter.hpp"

namespace musclemap::task {

/// Size for the network over size of the picture. Diameters that come from weights are single-precision
/// numbers in Cellpose, and what is computed with them is then rounded so.
struct CellScale {
  double factor = 1;
  bool single = false;

  std::int64_t scaled(std::int64_t size) const;  ///< size times factor, cut off
  double steps() const;                          ///< 200 over factor
};
CellScale cell_scale(double diam_mean, double diameter, bool single);

/// Of one pass.
struct CellPass {
  CellScale scale;
  bool resample = true;
  bool masks = true;  ///< false: the style alone is wanted
  bool keep_flows = false;
  CellMaskOptions mask_options;
  infer::CellTiling tiling;
};

/// `channels` are normalised. Rows become foreground as they come; no map of the picture is held unless the
/// pass or `stages` want it. Progress: Stage::infer by tile, Stage::filter of the masks. Errors: `memory` as
/// soon as the cells are known to be more than fit, `cancelled` (within a tile, where the engine hears of
/// it).
CellResult run_cells(infer::Engine* engine, image::RowSource& channels, const CellPass& pass,
                     const RunControl& control, CellStages* stages);
/// Of planes in memory, one a channel.
CellResult run_cells(infer::Engine* engine, const std::vector<image::FloatPlane>& planes,
                     const CellPass& pass, const RunControl& control, CellStages* stages);

/// What run_cells() takes at its peak beside its channels and the engine; upper estimates in bytes.
struct CellPassMemory {
  std::size_t kept = 0;      ///< maps that are asked for
  std::size_t bands = 0;     ///< while the network runs, beside the foreground
  decode::MaskMemory masks;  ///< the foreground, and what comes after

  /// Where `share` of the pixels belong to cells.
  std::size_t at(double share) const;
};
/// @param height of the picture
CellPassMemory cell_pass_memory(std::int64_t height, std::int64_t width, std::int64_t channels,
                                const CellPass& pass);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_CELL_RUN_HPP_
