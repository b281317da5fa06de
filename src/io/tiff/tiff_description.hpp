// What ImageJ and tifffile write into ImageDescription.
#ifndef MUSCLEMAP_IO_TIFF_TIFF_DESCRIPTION_HPP_
#define MUSCLEMAP_IO_TIFF_TIFF_DESCRIPTION_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace musclemap::io {

/// Lines `key=value` of ImageJ (ij.io.FileInfo): how many of what, and how large pixels are.
struct ImageJDescription {
  std::int64_t images = 1;
  std::int64_t channels = 1;
  std::int64_t slices = 1;
  std::int64_t frames = 1;
  std::string order = "czt";  ///< of the pages, fastest first
  std::string unit;           ///< of lengths; empty: not said
  double spacing = 0;         ///< of slices, in `unit`; 0: not said
};

/// None where the text is not ImageJ's or has numbers that cannot be.
std::optional<ImageJDescription> parse_imagej(std::string_view text);

/// tifffile's line of JSON: the array that the pages make together.
struct ShapedDescription {
  std::vector<std::int64_t> shape;
  std::string axes;        ///< a letter an axis; empty: not said
  bool truncated = false;  ///< only the first page has a directory
};

/// None where the text is not tifffile's or has numbers that cannot be.
std::optional<ShapedDescription> parse_shaped(std::string_view text);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_TIFF_TIFF_DESCRIPTION_HPP_
