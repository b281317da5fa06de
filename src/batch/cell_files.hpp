// One picture's cells: read, segmented frame by frame, written (docs/chains/cells.md, "Files").
#ifndef MUSCLEMAP_BATCH_CELL_FILES_HPP_
#define MUSCLEMAP_BATCH_CELL_FILES_HPP_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "batch/cell_jobs.hpp"
#include "batch/cell_viewer_files.hpp"
#include "batch/frame_segmenter.hpp"
#include "musclemap/pictures.hpp"
#include "task/cells/picture_frames.hpp"

namespace musclemap::batch {

/// What is done with every picture.
struct CellSettings {
  task::FrameChoice frames;
  std::string device = "cpu";  ///< that runs the network, for the log
  CellViewerFiles viewers;
  bool dumps = false;  ///< what lies between the picture and its masks; of one frame alone
};

/// What became of a picture.
struct CellSummary {
  std::vector<std::int64_t> counts;  ///< cells of each frame
  std::vector<double> diameters;     ///< pixels, of each frame as used; none where the method has none
  std::vector<std::filesystem::path> files;  ///< for viewers
};

/// Whether there is a picture with such a channel and such sections, and room for its results. Errors: those
/// of open_picture(), `argument`.
void check_cell_files(const CellJob& job, const CellSettings& settings);

/// Each frame is a picture of its own. Masks (uint16; above 65,535 cells uint32, with a warning) and log
/// appear whole or not at all. Errors: those of open_picture() and FrameSegmenter::segment(), `io`.
CellSummary write_cell_files(FrameSegmenter& segmenter, const CellJob& job, const CellSettings& settings,
                             const RunControl& control);

}  // namespace musclemap::batch

#endif  // MUSCLEMAP_BATCH_CELL_FILES_HPP_
