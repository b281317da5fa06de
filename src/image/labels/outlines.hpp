// Outlines of labels as polygons.
#ifndef MUSCLEMAP_IMAGE_LABELS_OUTLINES_HPP_
#define MUSCLEMAP_IMAGE_LABELS_OUTLINES_HPP_

#include <cstdint>
#include <vector>

namespace musclemap::image {

/// A corner of pixels: pixel (y, x) reaches from (x, y) to (x + 1, y + 1).
struct Corner {
  std::int64_t x = 0;
  std::int64_t y = 0;
};
inline bool operator==(const Corner& a, const Corner& b) { return a.x == b.x && a.y == b.y; }

/// Corners where the direction changes, the first not repeated; at least four, no corner twice.
using Ring = std::vector<Corner>;

/// A part of a label whose pixels touch by their sides.
struct OutlinePart {
  Ring outer;               ///< clockwise as it is seen, with y down
  std::vector<Ring> holes;  ///< the other way round; holes that touch by corners are one each
};

struct Outline {
  std::uint32_t label = 0;
  std::vector<OutlinePart> parts;  ///< by the raster position of their first pixel
};

/// Twice the area of a ring, in pixels; below 0 for a hole.
std::int64_t twice_area(const Ring& ring);

/// Outlines of all labels above 0, ascending. Memory: 32 bytes a side of a pixel between labels.
/// @param labels shape (y, x), row-major
std::vector<Outline> outlines_of(const std::uint32_t* labels, std::int64_t height, std::int64_t width);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_OUTLINES_HPP_
