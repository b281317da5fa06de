// The directories of a TIFF or BigTIFF file: what a page is, before any of its pixels is read.
#ifndef MUSCLEMAP_IO_TIFF_TIFF_DIRECTORY_HPP_
#define MUSCLEMAP_IO_TIFF_TIFF_DIRECTORY_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "io/files/input_file.hpp"
#include "musclemap/error.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::io {

/// Where the values of a tag lie.
struct TiffValues {
  std::uint16_t type = 0;   ///< as TIFF counts types; 0: there is no such tag
  std::uint64_t count = 0;  ///< values
  std::uint64_t at = 0;     ///< byte of the file where the first one begins
};

/// One directory of the chain, as TIFF 6.0 describes it. Numbers are as the file has them, unchecked.
struct TiffPage {
  std::uint64_t offset = 0;  ///< byte of the file where the directory begins
  std::uint64_t width = 0;
  std::uint64_t length = 0;
  std::uint64_t depth = 1;
  std::uint64_t bits = 1;
  std::uint64_t samples = 1;
  std::uint64_t sample_format = 1;
  std::uint64_t compression = 1;
  std::uint64_t photometric = 0;
  std::uint64_t fill_order = 1;
  std::uint64_t planar = 1;
  std::uint64_t predictor = 1;
  std::uint64_t rows_per_strip = 0xFFFFFFFF;
  std::uint64_t tile_width = 0;
  std::uint64_t tile_length = 0;
  std::uint64_t vendor_tag = 0;  ///< of a vendor's format whose planes lie otherwise; 0: none
  bool tiled = false;
  bool reduced = false;      ///< a smaller version of another page
  bool even_bits = true;     ///< all samples have as many bits
  bool even_formats = true;  ///< all samples have one format
  TiffValues offsets;        ///< of strips or tiles
  TiffValues byte_counts;
  std::array<TiffValues, 2> descriptions;  ///< a writer's metadata may be the second one
  TiffValues x_resolution;
  TiffValues y_resolution;
};

/// Type of a page's pixels. Error `unsupported` by name for others than bool (as u8), uint8, uint16, uint32,
/// int16, int32, float32 and float64; up to 16 bits may be packed.
DType page_dtype(const TiffPage& page);
/// NumPy's name of the type in the file.
std::string page_stored_dtype(const TiffPage& page);

/// Whether planes of both can stand in one array.
bool same_kind(const TiffPage& a, const TiffPage& b);

/// Bytes of all samples of a page as they are read.
std::uint64_t page_bytes(const TiffPage& page);

/// Whether the first bytes are those of TIFF or BigTIFF. Error `io`.
bool begins_like_tiff(const InputFile& file);

/// An open file and its chain of directories. Move-only; one thread at a time.
class TiffFile {
 public:
  /// Errors: `io`; `format` where the first directory cannot be read. A chain that comes back to itself or
  /// leaves the file ends there, with a warning.
  explicit TiffFile(const std::filesystem::path& path);

  const InputFile& file() const noexcept { return file_; }
  const std::vector<TiffPage>& pages() const noexcept { return pages_; }
  /// Whether numbers lie in the other order of bytes than in memory.
  bool swapped() const noexcept { return big_endian_ == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__); }
  const std::vector<Warning>& warnings() const noexcept { return warnings_; }

  /// Whole numbers of any of the types, from the `first`. Error `format` where they lie outside of the file
  /// or are none.
  std::vector<std::uint64_t> numbers(const TiffValues& values, std::uint64_t first,
                                     std::uint64_t count) const;
  /// A fraction; 0 where there is none.
  double rational(const TiffValues& values) const;
  /// Text up to the first NUL. Error `format` for more than `longest` bytes.
  std::string text(const TiffValues& values, std::uint64_t longest) const;

  /// Refuses sizes, counts and types of pages that cannot be, that the file's size does not justify or that
  /// are not read. Error `format` or `unsupported` that names the tag.
  void check(const TiffPage& page) const;

  /// Whether the page's pixels lie in one piece as they are in memory, but for the order of bytes; then
  /// where.
  bool lies_in_one_piece(const TiffPage& page, std::uint64_t& begin) const;

 private:
  std::uint64_t number_at(const unsigned char* bytes, std::size_t size) const;
  void read_header(std::uint64_t& first);
  bool read_page(std::uint64_t offset, std::uint64_t& next);
  void take(TiffPage& page, std::uint64_t tag, const TiffValues& values, const unsigned char* inlined) const;
  void warn(const std::string& text) { warnings_.push_back({WarningCode::header_field, text}); }

  InputFile file_;
  bool big_endian_ = false;
  bool big_ = false;
  std::vector<TiffPage> pages_;
  std::vector<Warning> warnings_;
};

/// Most bytes that a byte of compressed data can mean; 1 for data that are not compressed.
std::uint64_t most_expansion(std::uint64_t compression);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_TIFF_TIFF_DIRECTORY_HPP_
