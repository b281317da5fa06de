// One pass of a network of Cellpose over a picture, from intensities to masks
// (docs/chains/cells.md#pictures).
#ifndef MUSCLEMAP_TASK_CELLS_CELL_RUN_HPP_
#define MUSCLEMAP_TASK_CELLS_CELL_RUN_HPP_

#include <cstdint>
#include <vector>

#include "image/float_plane.hpp"
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

/// `planes` are normalised, one a channel. Progress: Stage::infer by tile, Stage::filter of the masks.
CellResult run_cells(infer::Engine* engine, const std::vector<image::FloatPlane>& planes,
                     const CellPass& pass, const RunControl& control, CellStages* stages);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_CELL_RUN_HPP_
