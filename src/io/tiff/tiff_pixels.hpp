// Pixels of TIFF pages, decompressed by libtiff and, for JPEG 2000, by OpenJPEG.
#ifndef MUSCLEMAP_IO_TIFF_TIFF_PIXELS_HPP_
#define MUSCLEMAP_IO_TIFF_TIFF_PIXELS_HPP_

#include <cstdint>
#include <memory>

#include "io/tiff/tiff_directory.hpp"

namespace musclemap::io {

/// Reads rows of pages that TiffFile::check() has passed. Holds one row of tiles at most. One thread at a
/// time. The file must outlive it.
class TiffPixels {
 public:
  explicit TiffPixels(const TiffFile& file);
  ~TiffPixels();

  /// One sample of the pixels of some rows, in native byte order, contiguous, of page_dtype(). Strips and
  /// tiles without bytes are zeros, as sparse files mean them. Error `format` for data that do not
  /// decompress, with libtiff's words.
  void read_rows(const TiffPage& page, std::uint64_t sample, std::uint64_t y_begin, std::uint64_t y_count,
                 void* to);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_TIFF_TIFF_PIXELS_HPP_
