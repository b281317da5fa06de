// From what a network says of cells to masks of single cells.
#ifndef MUSCLEMAP_CELLS_HPP_
#define MUSCLEMAP_CELLS_HPP_

#include <cstdint>
#include <vector>

#include "musclemap/run.hpp"
#include "musclemap/version.hpp"

namespace musclemap {

/// How pixels follow the flows to the centres of their cells.
enum class CellDynamics : std::int32_t {
  /// As Cellpose 3 does it on a CPU: bilinear flows at the position itself, label flows cell by cell.
  cpu,
  /// As Cellpose 3 does it on a GPU, and Cellpose 4 everywhere: positions in [-1, 1], flows that are read
  /// half a pixel off and are zero outside, label flows of all cells at once.
  grid_sample,
};

/// Which rules hold where versions of Cellpose differ by a defect.
enum class CellCompat : std::int32_t {
  fixed,     ///< the rules as they are meant
  v3_1_1_2,  ///< Cellpose 3.1.1.2 to the letter: drops labels by rank, links planes again by used numbers
};

/// How flows become masks. The defaults are Cellpose's; docs/chains/cells.md says what each does.
struct CellMaskOptions {
  double cellprob_threshold = 0;  ///< pixels above it belong to cells
  double flow_threshold = 0.4;    ///< cells whose flows differ more from the network's go; 0 or less: none do
  std::int64_t min_size = 15;     ///< cells of fewer pixels go; 0 or less: none do
  double max_size_fraction = 0.4;  ///< cells of more than this part of the picture go
  double niter = 200;              ///< steps along the flows; the part behind the point is cut off
  bool interp = true;              ///< read flows between pixels; false: at the pixel that holds the position
  CellDynamics dynamics = CellDynamics::cpu;  ///< 2-D pictures; volumes are always `grid_sample`
  CellCompat compat = CellCompat::fixed;      ///< defects to reproduce
  bool largest_part_only = false;             ///< keep each cell's largest connected part alone
};

/// A network's outputs for one picture or volume: borrowed memory in C order (the last axis fastest).
struct CellFlows {
  /// Cellpose's flows, five times unit length: float32 (2, y, x) with y first, for a volume (3, z, y, x).
  const float* flows = nullptr;
  const float* cellprob = nullptr;  ///< logits, float32 (y, x), for a volume (z, y, x)
  std::int64_t depth = 0;           ///< 0: a picture, else planes of a volume
  std::int64_t height = 0;          ///< pixels along y, 1 or more
  std::int64_t width = 0;           ///< pixels along x, 1 or more
};

/// What lies between the flows and the masks. Plain values.
struct CellMaskStages {
  /// Where each foreground pixel (logit above the threshold, raster order) ends: float32 (2, n) with y first,
  /// for a volume (3, n).
  std::vector<float> positions;
  std::vector<std::uint32_t> seed_masks;  ///< labels before the flow check, shape of the masks
  std::vector<double> flow_errors;        ///< of the labels 1, 2, … of `seed_masks`; empty without a check
};

/// Wall time of the parts.
struct CellMaskSeconds {
  double dynamics = 0;    ///< following the flows
  double seeds = 0;       ///< from ends to labels
  double flow_check = 0;  ///< label flows and their errors
  double clean_up = 0;    ///< holes and small cells
};

/// Masks of cells.
struct CellMasks {
  /// Shape of the logits, C order; 0 is background. Cells are numbered 1, 2, … by their first pixels, with
  /// gaps only where no minimum size is asked for.
  std::vector<std::uint32_t> labels;
  std::int64_t count = 0;   ///< different labels
  CellMaskSeconds seconds;  ///< what took how long
};

/// Masks of the cells in stored flows, without a network. The same for any number of threads. Memory beside
/// the result: 12 bytes a foreground pixel, 16 a pixel while flows are followed.
///
/// Errors: `argument` for an option out of range, a shape below 1, 2^31 pixels and more, NaN or an infinite
/// flow and a logit that is NaN (reason `nonfinite`; the message has the position), `cancelled`.
/// @param flows read only during the call
/// @param options how
/// @param control threads, cancel and progress (Stage::filter) count
/// @param stages filled where it is not null
/// @return masks, all 0 where no pixel is above the threshold
MUSCLEMAP_API CellMasks cell_masks(const CellFlows& flows, const CellMaskOptions& options = {},
                                   const RunControl& control = {}, CellMaskStages* stages = nullptr);

}  // namespace musclemap

#endif  // MUSCLEMAP_CELLS_HPP_
