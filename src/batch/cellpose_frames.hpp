// Cells of frames by a network of Cellpose 3.
#ifndef MUSCLEMAP_BATCH_CELLPOSE_FRAMES_HPP_
#define MUSCLEMAP_BATCH_CELLPOSE_FRAMES_HPP_

#include <filesystem>
#include <vector>

#include "batch/frame_segmenter.hpp"
#include "musclemap/cell_segmenter.hpp"

namespace musclemap::batch {

class CellposeFrames : public FrameSegmenter {
 public:
  /// @param dump .npz of what lies between the picture and its masks; empty: none
  CellposeFrames(CellSegmenter segmenter, CellOptions options, std::filesystem::path dump);

  FrameCells segment(PictureReader& frame, const RunControl& control) override;
  void describe(CellsLogStart* start) const override;
  void log_segmentation(const std::vector<double>& diameters, CellsLog* log) const override;

 private:
  CellSegmenter segmenter_;
  CellOptions options_;
  std::filesystem::path dump_;
};

}  // namespace musclemap::batch

#endif  // MUSCLEMAP_BATCH_CELLPOSE_FRAMES_HPP_
