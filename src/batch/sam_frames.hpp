// Cells of frames by Segment Anything for Microscopy.
#ifndef MUSCLEMAP_BATCH_SAM_FRAMES_HPP_
#define MUSCLEMAP_BATCH_SAM_FRAMES_HPP_

#include <vector>

#include "batch/frame_segmenter.hpp"
#include "musclemap/micro_sam.hpp"

namespace musclemap::batch {

class SamFrames : public FrameSegmenter {
 public:
  SamFrames(SamSegmenter segmenter, const SamOptions& options);

  FrameCells segment(PictureReader& frame, const RunControl& control) override;
  void describe(CellsLogStart* start) const override;
  void log_segmentation(const std::vector<double>& diameters, CellsLog* log) const override;

 private:
  SamSegmenter segmenter_;
  SamOptions options_;
};

}  // namespace musclemap::batch

#endif  // MUSCLEMAP_BATCH_SAM_FRAMES_HPP_
