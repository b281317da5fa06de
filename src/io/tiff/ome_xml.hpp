// OME-XML, the description of OME-TIFF (Open Microscopy Environment, schema 2016-06 and those before it).
#ifndef MUSCLEMAP_IO_TIFF_OME_XML_HPP_
#define MUSCLEMAP_IO_TIFF_OME_XML_HPP_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace musclemap::io {

/// Namespace of the comments that VLabApp leaves in its files.
inline constexpr const char* kVLabAppNamespace = "VLabApp";

/// Which planes a part of a file holds: TiffData.
struct OmeTiffData {
  std::array<std::int64_t, 3> first{0, 0, 0};  ///< T, C, Z of the first plane
  std::int64_t ifd = 0;                        ///< its page
  std::int64_t planes = 0;                     ///< 0: as many as there are pages
  std::string uuid;                            ///< of the file; empty: this one
  std::string file_name;                       ///< as written; empty: not said
};

/// One picture: Image and its Pixels.
struct OmeImage {
  std::string order;                             ///< DimensionOrder, such as "XYZCT", fastest first
  std::array<std::int64_t, 5> shape{};           ///< SizeT, SizeC, SizeZ, SizeY, SizeX
  std::array<double, 3> pixel_size_um{0, 0, 0};  ///< x, y, z; 0: not said, or in no unit of length
  std::vector<std::string> unknown_units;        ///< units that are none of length
  std::vector<std::string> channel_names;  ///< Name, or ID where there is none; as many as Channel elements
  std::int64_t samples = 1;                ///< SamplesPerPixel
  std::vector<OmeTiffData> data;
};

/// What is read of a document.
struct OmeDocument {
  std::string uuid;
  std::string metadata_file;  ///< of BinaryOnly: where the document is; empty: here
  std::int64_t image_count = 0;
  OmeImage image;                     ///< the first one
  bool modulo = false;                ///< axes are divided into others (ModuloAlongZ, …)
  std::vector<std::string> comments;  ///< CommentAnnotations of VLabApp's namespace, in their order
};

/// Error `format`, reason `corrupt` or `limit`, without a file: text that is no XML or no OME-XML, a document
/// type declaration, more than 64 MiB, 2,000,000 elements or 64 levels, sizes that are no numbers. Letters of
/// Latin-1 are taken where the text is not UTF-8.
OmeDocument parse_ome_xml(std::string_view text);

/// Micrometres of a length in a unit of OME's list ("µm", "nm", "Å", …); 0 for those that are no length
/// ("pixel", "reference frame") and for unknown ones.
double ome_length_um(double value, std::string_view unit);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_TIFF_OME_XML_HPP_
