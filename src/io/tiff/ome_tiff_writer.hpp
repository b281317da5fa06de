// Masks of cells in files: OME-TIFF as VLabApp's segmentation module writes it (docs/chains/cells.md, "The
// file of masks"), and plain TIFF.
#ifndef MUSCLEMAP_IO_TIFF_OME_TIFF_WRITER_HPP_
#define MUSCLEMAP_IO_TIFF_OME_TIFF_WRITER_HPP_

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "io/tiff/ome_xml_text.hpp"
#include "io/tiff/tiff_pages.hpp"

namespace musclemap::io {

/// Labels above it need 32 bits.
constexpr std::uint32_t kMostNarrowLabel = 65535;

/// Frame after frame into one file, of a stack section after section of each. One thread at a time.
class MaskFile {
 public:
  /// OME-TIFF of uint16, or of uint32 where `facts.wide`. @param file gets its name with commit()
  MaskFile(const std::filesystem::path& file, const OmeMaskFacts& facts);
  /// Plain TIFF of the same pixels.
  MaskFile(const std::filesystem::path& file, std::int64_t frames, std::int64_t height, std::int64_t width,
           bool wide);

  /// @param labels of the next frame or section, height x width, rows from the top
  /// Errors: `argument` for a label that the type does not hold, `io`.
  void write(const std::uint32_t* labels);
  /// Error `argument` if frames are missing, `io`.
  void commit() { pages_.commit(); }

 private:
  std::int64_t pixels_;
  bool wide_;
  std::vector<std::uint16_t> narrow_;
  TiffPages pages_;
};

/// Whether one of the labels needs 32 bits.
bool needs_wide_labels(const std::uint32_t* labels, std::int64_t count);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_TIFF_OME_TIFF_WRITER_HPP_
