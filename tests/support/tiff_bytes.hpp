// TIFF files of a few bytes.
#ifndef MUSCLEMAP_TESTS_SUPPORT_TIFF_BYTES_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_TIFF_BYTES_HPP_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace musclemap::test {

/// Tags of a page beside those of its pixels, by number; whole numbers as LONG.
using TiffTags = std::map<std::uint16_t, std::uint32_t>;

struct TiffPlane {
  std::uint32_t width;
  std::uint32_t length;
  std::uint16_t bits;
  std::string pixels;       ///< bytes as they lie in the file
  std::string description;  ///< empty: none
  TiffTags tags;            ///< change or add to what stands above
};

/// Little-endian, one strip a page, pages in their order.
inline std::string tiff_bytes(const std::vector<TiffPlane>& planes) {
  std::string bytes = "II*";
  const auto put = [&bytes](std::uint64_t value, int count) {
    for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 255U);
  };
  bytes += '\0';
  put(8, 4);
  for (std::size_t p = 0; p < planes.size(); ++p) {
    const TiffPlane& plane = planes[p];
    TiffTags tags{{256, plane.width},
                  {257, plane.length},
                  {258, plane.bits},
                  {259, 1},
                  {262, 1},
                  {273, 0},
                  {277, 1},
                  {278, plane.length},
                  {279, static_cast<std::uint32_t>(plane.pixels.size())}};
    if (!plane.description.empty()) tags[270] = 0;
    for (const auto& [tag, value] : plane.tags) tags[tag] = value;
    const std::size_t end = bytes.size() + 2 + tags.size() * 12 + 4;
    const std::size_t pixels = end + plane.description.size() + 1;
    put(tags.size(), 2);
    for (const auto& [tag, value] : tags) {
      put(tag, 2);
      const bool text = tag == 270;
      put(text ? 2 : 4, 2);
      put(text ? plane.description.size() + 1 : 1, 4);
      const bool given = plane.tags.count(tag) > 0;
      put(given ? value : text ? end : tag == 273 ? pixels : value, 4);
    }
    put(p + 1 < planes.size() ? pixels + plane.pixels.size() : 0, 4);
    bytes += plane.description;
    bytes += '\0';
    bytes += plane.pixels;
  }
  return bytes;
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_TIFF_BYTES_HPP_
