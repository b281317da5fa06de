// Cells from the three maps of micro-sam's decoder: automatic instance segmentation (AIS).
#ifndef MUSCLEMAP_DECODE_AIS_AIS_LABELS_HPP_
#define MUSCLEMAP_DECODE_AIS_AIS_LABELS_HPP_

#include <cstdint>
#include <vector>

#include "image/plane.hpp"

namespace musclemap::decode {

/// What makes cells of maps; the defaults are micro-sam's.
struct AisOptions {
  double foreground_threshold = 0.5;         ///< cells lie above
  double center_distance_threshold = 0.5;    ///< seeds lie below, and
  double boundary_distance_threshold = 0.5;  ///< below
  double foreground_smoothing = 1.0;         ///< sigma of a Gaussian in pixels; 0: none
  double distance_smoothing = 1.6;           ///< the same of both distances
  std::int64_t min_size = 0;                 ///< pixels; smaller cells are dropped, the others renumbered
};

/// Maps (y, x) as the decoder's sigmoid gives them: the foreground, and distances to the centre and to the
/// boundary that are low inside of cells.
struct AisMaps {
  std::vector<float> foreground;
  std::vector<float> center_distance;
  std::vector<float> boundary_distance;
};

/// What AIS finds.
struct AisLabels {
  std::vector<std::uint32_t> labels;  ///< (y, x), 0 is background
  std::int64_t count = 0;             ///< labels are 1 .. count
};

/// The connected seeds of a plane, numbered: 8-connected pixels of the foreground where both distances are
/// low. The maps are smoothed already.
AisLabels ais_markers(const AisMaps& maps, const image::PlaneShape& shape, const AisOptions& options);

/// Smooths the maps, finds the seeds, grows them in the order of the smoothed boundary distance within the
/// foreground (image::watershed), and drops small cells. docs/chains/cells.md#ais. Memory: beside
/// the maps another one and 9 bytes a pixel. Results do not depend on threads.
/// Error `argument` for maps of another size or with values that are no numbers.
AisLabels ais_labels(AisMaps maps, const image::PlaneShape& shape, const AisOptions& options, int threads);

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_AIS_AIS_LABELS_HPP_
