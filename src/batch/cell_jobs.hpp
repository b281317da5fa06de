// Which pictures are searched for cells, and where masks and logs go (docs/chains/cells.md, "Files").
#ifndef MUSCLEMAP_BATCH_CELL_JOBS_HPP_
#define MUSCLEMAP_BATCH_CELL_JOBS_HPP_

#include <filesystem>
#include <string>
#include <vector>

#include "batch/job.hpp"

namespace musclemap::batch {

struct CellRequest {
  std::vector<std::filesystem::path> inputs;  ///< files, and folders that are read one level deep
  std::string name_part = "_BF";              ///< what names of a folder's pictures have; empty: any
  std::string excluded;                       ///< what they do not have; empty: nothing
  std::filesystem::path output;               ///< folder of the results; empty: beside the picture
  std::string suffix;  ///< behind `_vSM` of a result's name: letters, digits and hyphens
};

/// One picture.
struct CellJob {
  std::filesystem::path image;
  std::filesystem::path masks;  ///< <name>_vSM<suffix>.ome.tif
  std::filesystem::path log;    ///< <name>_vSM<suffix>.log
  Outcome outcome = Outcome::waiting;

  bool failed() const { return outcome == Outcome::failed || outcome == Outcome::cancelled; }
};

/// Its name without the extension of a picture: `.ome.tif`, `.ome.tiff`, `.tif`, `.tiff`, `.nd2`.
std::string picture_stem(const std::filesystem::path& image);

/// In the order of the inputs, a folder's by name, each file once. Masks of earlier runs (`_vSM`) in a folder
/// are no pictures. Error `argument` for a folder without pictures, another suffix, pictures whose results
/// would have one name (up to 4 are listed) and results that would replace a picture.
std::vector<CellJob> jobs_of(const CellRequest& request);

}  // namespace musclemap::batch

#endif  // MUSCLEMAP_BATCH_CELL_JOBS_HPP_
