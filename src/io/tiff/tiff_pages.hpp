// Pages of numbers in a TIFF file. Layout after TIFF 6.0 and the BigTIFF proposal of AWare
// Systems, in the arrangement of tifffile: a page's directory, what did not fit into it, its strips.
#ifndef MUSCLEMAP_IO_TIFF_TIFF_PAGES_HPP_
#define MUSCLEMAP_IO_TIFF_TIFF_PAGES_HPP_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "io/files/atomic_file.hpp"

namespace musclemap::io {

/// What a page's samples are: the tag SampleFormat.
enum class TiffSample : std::uint16_t { whole = 1, with_sign = 2, real = 3 };

/// What all pages are like.
struct TiffPageFacts {
  std::int64_t pages = 1;
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::size_t sample_bytes = 2;  ///< 1, 2, 4 or 8
  TiffSample sample = TiffSample::whole;
  bool deflate = true;      ///< false: samples lie as they are
  std::string description;  ///< UTF-8; of the first page, none if empty
  std::string software;     ///< ASCII; of the first page, none if empty
};

/// Writes from front to end, so that the directory of a page lies before its strips of 256 KiB.
/// Little-endian; BigTIFF where the pixels have more than 2^21 bytes. Equal pages give equal files. Memory: a
/// packed page. One thread at a time.
class TiffPages {
 public:
  /// @param file gets its name with commit()
  /// Error `argument` for a shape below 1 or too large for the format.
  TiffPages(const std::filesystem::path& file, TiffPageFacts facts);
  ~TiffPages();

  /// The next page: height x width samples in native byte order, rows from the top. Errors: `argument` for
  /// one page too many, `io`.
  void write(const void* samples);
  /// Error `argument` if pages are missing, `io`.
  void commit();

 private:
  struct Packer;

  AtomicFile file_;
  TiffPageFacts facts_;
  bool big_;
  std::unique_ptr<Packer> packer_;
  std::uint64_t written_ = 0;  // bytes of the file
  std::int64_t pages_ = 0;     // that were written
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_TIFF_TIFF_PAGES_HPP_
