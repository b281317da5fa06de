// Files that viewers open beside the masks of cells (docs/chains/cells.md, "Files").
#ifndef MUSCLEMAP_BATCH_CELL_VIEWER_FILES_HPP_
#define MUSCLEMAP_BATCH_CELL_VIEWER_FILES_HPP_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "musclemap/metrics.hpp"
#include "musclemap/pictures.hpp"
#include "task/cells/picture_frames.hpp"

namespace musclemap::batch {

/// Which; each has the name of the masks with an ending of its own.
struct CellViewerFiles {
  bool geojson = false;              ///< .geojson: outlines for QuPath
  bool rois = false;                 ///< _rois.zip: outlines for ImageJ and Fiji
  std::optional<TableFormat> table;  ///< .csv, .tsv or .json: a row a cell
  /// _outlines.png, of a series _outlines_1.png, …, of a stack _outlines_z1.png, …: the picture with its
  /// cells.
  bool outlines = false;
};

/// The files of masks named `stem`, without their extension, of so many frames and sections of each.
std::vector<std::filesystem::path> viewer_files(const std::filesystem::path& stem,
                                                const CellViewerFiles& wanted, std::int64_t frames,
                                                std::int64_t sections);

/// Each appears whole or not at all. Errors: those of task::FrameReader, `io`.
/// @param labels shape (T, Y, X) of the picture, or (T, Z, Y, X) with choice.stack, X fastest
/// @param choice the projection that the masks were found in; all channels are measured
void write_viewer_files(const std::filesystem::path& stem, const CellViewerFiles& wanted,
                        PictureReader& picture, const task::FrameChoice& choice,
                        const std::vector<std::uint32_t>& labels, int threads);

}  // namespace musclemap::batch

#endif  // MUSCLEMAP_BATCH_CELL_VIEWER_FILES_HPP_
