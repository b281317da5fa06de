// Pictures of a microscope in files: TIFF, BigTIFF, OME-TIFF, ImageJ hyperstacks, ND2.
#ifndef MUSCLEMAP_PICTURES_HPP_
#define MUSCLEMAP_PICTURES_HPP_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "musclemap/error.hpp"
#include "musclemap/image_stack.hpp"
#include "musclemap/run.hpp"
#include "musclemap/version.hpp"
#include "musclemap/volume.hpp"

namespace musclemap {

/// What a file of pictures says of itself. Plain value.
struct PictureInfo {
  std::string format;        ///< "TIFF", "ImageJ TIFF", "OME-TIFF", "ND2"
  std::string axes;          ///< of the file, slowest first, such as "TZCYX"
  StackGeometry geometry;    ///< elements along T, C, Z, Y, X, pixel size in micrometres, names of channels
  DType dtype = DType::u8;   ///< of the pixels that are read
  std::string stored_dtype;  ///< NumPy's name of the type in the file: that of dtype, or "bool" (0 and 1)
  std::vector<std::string> comments;  ///< those of VLabApp's namespace in OME-XML, in their order
  std::vector<Warning> warnings;      ///< what is doubtful about the file
};

/// Source of pictures that need not be in memory. One thread at a time. Planes and rows may be asked for in
/// any order; rising rows are fastest.
class MUSCLEMAP_API PictureReader {
 public:
  virtual ~PictureReader();
  /// @return what the file says; lives as long as the reader
  virtual const PictureInfo& info() const = 0;
  /// Error `argument` outside of the picture; `io`, `format` as open_picture().
  /// @param t from 0
  /// @param c from 0
  /// @param z from 0
  /// @param y_begin first row, from 0
  /// @param y_count rows, at least 1
  /// @param to pixels of the rows, contiguous with x fastest, of the info's dtype in native byte order
  virtual void read_rows(std::int64_t t, std::int64_t c, std::int64_t z, std::int64_t y_begin,
                         std::int64_t y_count, void* to) = 0;
  /// Error as read_rows().
  /// @param t from 0
  /// @param c from 0
  /// @param z from 0
  /// @return one plane, shape (1, 1, 1, Y, X), with the channel's name and the pixel size
  ImageStack read_plane(std::int64_t t, std::int64_t c, std::int64_t z);
};

/// Error `io`.
/// @param file any
/// @return whether this is a file that begins like those of open_picture()
MUSCLEMAP_API bool is_picture(const std::filesystem::path& file);

/// Opens a file of pictures; the content says of what kind it is, not the name. Only what the file's size
/// justifies is allocated. Of several series or scenes the first is taken, with a warning; levels of a
/// pyramid give the full one. Errors: `io`; `format` for a damaged file and for planes that the description
/// promises and the file does not hold; `unsupported` for axes, types and compressions that are not read, by
/// name.
/// @param file TIFF in one of its forms, or ND2
/// @return a reader that holds the file open
MUSCLEMAP_API std::unique_ptr<PictureReader> open_picture(const std::filesystem::path& file);

/// Errors as open_picture(), and `memory`.
/// @param file as above
/// @return all planes
MUSCLEMAP_API ImageStack read_picture(const std::filesystem::path& file);

/// Reads every plane. Errors as PictureReader::read_rows().
/// @param pictures open file
/// @return SHA-256 of all pixels in the order T, C, Z, Y, X, X fastest, little-endian, as lower-case digits
MUSCLEMAP_API std::string pixels_sha256(PictureReader& pictures);

/// How the pixels of a TIFF file are packed; nothing is lost.
enum class TiffCompression : std::int32_t {
  deflate,  ///< zlib's, level 6
  none,     ///< as they are
};

/// What is written beside the pixels and their geometry.
struct OmeTiffOptions {
  TiffCompression compression = TiffCompression::deflate;  ///< of all planes
  std::vector<std::string> comments;                       ///< UTF-8, of VLabApp's namespace
};

/// Writes intensities or labels as OME-TIFF, whole or not at all: a page a plane, in the order T, C, Z with Z
/// fastest; BigTIFF above 2 MiB of pixels; pixel size and names of channels in the OME-XML
/// (`docs/chains/cells.md#pictures-that-are-written`). Memory: a packed plane. Errors: `argument` for an
/// empty stack and a name that ends in neither .tif nor .tiff, `io`, `cancelled`.
/// @param pictures all planes are written, in their dtype
/// @param file .ome.tif tells other programs what it is
/// @param options compression, comments
/// @param control hears planes of Stage::write; cancel is heard before each
MUSCLEMAP_API void write_ome_tiff(const ImageStack& pictures, const std::filesystem::path& file,
                                  const OmeTiffOptions& options = {}, const RunControl& control = {});

}  // namespace musclemap

#endif  // MUSCLEMAP_PICTURES_HPP_
