// The OME-XML text of files that are written (OME data model 2016-06).
#ifndef MUSCLEMAP_IO_TIFF_OME_XML_TEXT_HPP_
#define MUSCLEMAP_IO_TIFF_OME_XML_TEXT_HPP_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "musclemap/image_stack.hpp"

namespace musclemap::io {

/// What the text says of pictures whose planes are the pages of one file.
struct OmeFacts {
  StackGeometry geometry;
  DType dtype = DType::u16;
  std::string order = "XYZCT";        ///< of the pages, fastest first
  std::vector<std::string> comments;  ///< UTF-8; of the namespace VLabApp, in that order
};

/// One image. Pixel sizes and names of channels that are not known are left out. Characters that XML 1.0 does
/// not have become U+FFFD.
std::string ome_xml_text(const OmeFacts& facts);

/// What the text says of masks of shape (T, Y, X), or (T, Z, Y, X) of cells that are volumes.
struct OmeMaskFacts {
  std::int64_t frames = 1;
  std::int64_t sections = 1;  ///< of each frame
  std::int64_t height = 0;
  std::int64_t width = 0;
  bool wide = false;                             ///< uint32, else uint16
  std::array<double, 3> pixel_size_um{0, 0, 0};  ///< x, y, z; 0: unknown, left out
  std::vector<std::string> comments;             ///< UTF-8; of the namespace VLabApp, in that order
};

/// The same for one channel, "Segmentation mask".
std::string ome_xml_text(const OmeMaskFacts& facts);

/// The comments of a result: the log of this run, then those of the input, of which the first is preceded by
/// a line that names the input.
std::vector<std::string> carried_comments(const std::string& log, const std::string& input_path,
                                          const std::vector<std::string>& of_input);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_TIFF_OME_XML_TEXT_HPP_
