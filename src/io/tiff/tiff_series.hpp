// Which pages of TIFF files make one array of five axes.
#ifndef MUSCLEMAP_IO_TIFF_TIFF_SERIES_HPP_
#define MUSCLEMAP_IO_TIFF_TIFF_SERIES_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "io/tiff/tiff_directory.hpp"
#include "musclemap/pictures.hpp"

namespace musclemap::io {

/// A page of one of a series' files.
struct TiffPlace {
  std::size_t file;
  std::size_t page;
};

/// The first series of a file, as tifffile and the OME model see it (docs/chains/cells.md, section "Pictures
/// in files").
struct TiffSeries {
  PictureInfo info;
  TiffPage kind;                              ///< what all pages have in common
  std::vector<std::filesystem::path> files;   ///< the first one is that which was opened
  std::vector<TiffPlace> pages;               ///< in the order of page_step; none: they lie in one piece
  std::uint64_t begin = 0;                    ///< byte of the first file where that piece begins
  std::array<std::int64_t, 3> page_step{};    ///< pages between neighbours along T, C, Z
  std::array<std::int64_t, 3> sample_step{};  ///< samples of a page between neighbours along T, C, Z
};

/// Error `format` for planes that are promised and not there and for pages that do not fit each other,
/// `unsupported` for axes other than T, C, Z, Y, X that are longer than 1, by name; `io` for another file
/// that is named and cannot be opened.
TiffSeries find_series(const TiffFile& file);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_TIFF_TIFF_SERIES_HPP_
