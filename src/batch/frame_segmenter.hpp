// What finds the cells of a picture's frames, whatever the method.
#ifndef MUSCLEMAP_BATCH_FRAME_SEGMENTER_HPP_
#define MUSCLEMAP_BATCH_FRAME_SEGMENTER_HPP_

#include <cstdint>
#include <vector>

#include "batch/cells_log.hpp"
#include "musclemap/pictures.hpp"
#include "musclemap/run.hpp"

namespace musclemap::batch {

/// What is found in a frame.
struct FrameCells {
  std::vector<std::uint32_t> labels;  ///< (z, y, x), 0 is background
  std::int64_t count = 0;
  double diameter = 0;  ///< pixels, as used; 0: the method knows none
};

/// A loaded model with its settings.
class FrameSegmenter {
 public:
  virtual ~FrameSegmenter() = default;
  /// Cells of one frame (1, 1, Z, Y, X); a plane, but where stacks are kept.
  virtual FrameCells segment(PictureReader& frame, const RunControl& control) = 0;
  /// Adds model and settings to what the log begins with.
  virtual void describe(CellsLogStart* start) const = 0;
  /// Adds the lines of the segmentation to the log.
  /// @param diameters of the frames
  virtual void log_segmentation(const std::vector<double>& diameters, CellsLog* log) const = 0;
};

}  // namespace musclemap::batch

#endif  // MUSCLEMAP_BATCH_FRAME_SEGMENTER_HPP_
