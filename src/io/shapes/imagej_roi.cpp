// Layout: 64 bytes of header, the coordinates, 64 bytes of a second header, the name in UTF-16; big-endian.
#include "io/shapes/imagej_roi.hpp"

#include <algorithm>
#include <cstring>

#include "io/files/zip_file.hpp"

namespace musclemap::io {
namespace {

constexpr std::uint32_t kVersion228 = 228;
constexpr std::size_t kRoiHeader = 64;
constexpr int kRectangle = 1;  // stands for a composite where it has a path
constexpr int kTraced = 8;
constexpr std::int64_t kMostShort = 32767;
constexpr std::size_t kMostCorners = 65535;

void put_big(std::uint64_t value, int size, std::string* out) {
  for (int byte = size - 1; byte >= 0; --byte) *out += static_cast<char>(value >> 8 * byte & 0xff);
}

void put_real(std::int64_t value, std::string* out) {
  const auto real = static_cast<float>(value);
  std::uint32_t bits = 0;
  std::memcpy(&bits, &real, sizeof bits);
  put_big(bits, 4, out);
}

struct Bounds {
  std::int64_t left = INT64_MAX;
  std::int64_t top = INT64_MAX;
  std::int64_t right = 0;
  std::int64_t bottom = 0;
};

Bounds bounds_of(const image::Outline& outline) {
  Bounds bounds;
  for (const image::OutlinePart& part : outline.parts) {
    for (const image::Corner& corner : part.outer) {
      bounds.left = std::min(bounds.left, corner.x);
      bounds.top = std::min(bounds.top, corner.y);
      bounds.right = std::max(bounds.right, corner.x);
      bounds.bottom = std::max(bounds.bottom, corner.y);
    }
  }
  return bounds;
}

// All x, then all y, from the upper left of the bounds.
std::string polygon_of(const image::Ring& ring, const Bounds& bounds) {
  std::string bytes;
  for (const image::Corner& corner : ring)
    put_big(static_cast<std::uint64_t>(corner.x - bounds.left), 2, &bytes);
  for (const image::Corner& corner : ring)
    put_big(static_cast<std::uint64_t>(corner.y - bounds.top), 2, &bytes);
  return bytes;
}

// Segments of java.awt.geom.PathIterator, as reals: their kind, then where they lead.
void put_path(const image::Ring& ring, std::string* bytes) {
  constexpr std::int64_t kMoveTo = 0;
  constexpr std::int64_t kLineTo = 1;
  constexpr std::int64_t kClose = 4;
  for (std::size_t n = 0; n < ring.size(); ++n) {
    put_real(n == 0 ? kMoveTo : kLineTo, bytes);
    put_real(ring[n].x, bytes);
    put_real(ring[n].y, bytes);
  }
  put_real(kClose, bytes);
}

}  // namespace

std::string imagej_roi(const CellShape& cell, const std::string& name, const ShapePages& pages) {
  const image::Outline& outline = cell.outline;
  const Bounds bounds = bounds_of(outline);
  const image::Ring& first = outline.parts.front().outer;
  const bool simple = outline.parts.size() == 1 && outline.parts.front().holes.empty() &&
                      first.size() <= kMostCorners && bounds.right - bounds.left <= kMostShort &&
                      bounds.bottom - bounds.top <= kMostShort;
  std::string shape;
  if (simple) {
    shape = polygon_of(first, bounds);
  } else {
    for (const image::OutlinePart& part : outline.parts) {
      put_path(part.outer, &shape);
      for (const image::Ring& hole : part.holes) put_path(hole, &shape);
    }
  }
  const auto time = static_cast<std::uint64_t>(pages.frames > 1 ? cell.frame + 1 : 0);
  const auto section = static_cast<std::uint64_t>(pages.sections > 1 ? cell.section + 1 : 0);
  const std::uint32_t colour = 0xff000000U | std::uint32_t{cell.colour[0]} << 16U |
                               std::uint32_t{cell.colour[1]} << 8U | cell.colour[2];
  std::string roi("Iout");
  put_big(kVersion228, 2, &roi);
  put_big(simple ? kTraced : kRectangle, 1, &roi);
  roi.append(1, '\0');
  for (const std::int64_t side : {bounds.top, bounds.left, bounds.bottom, bounds.right})
    put_big(static_cast<std::uint64_t>(side), 2, &roi);
  put_big(simple ? first.size() : 0, 2, &roi);
  roi.append(18, '\0');                             // ends of a line, width of its stroke
  put_big(simple ? 0 : shape.size() / 4, 4, &roi);  // reals of the path
  put_big(colour, 4, &roi);                         // of the stroke
  roi.append(12, '\0');                             // fill, kind of polygon, options, arrows
  // Position in a stack of one axis; of two axes the second header has it.
  put_big(section == 0 ? time : time == 0 ? section : 0, 4, &roi);
  put_big(kRoiHeader + shape.size(), 4, &roi);  // of the second header
  roi += shape;
  const std::size_t second = roi.size();
  roi.append(8, '\0');  // channel: any
  put_big(section, 4, &roi);
  put_big(time, 4, &roi);
  put_big(second + kRoiHeader, 4, &roi);  // of the name
  put_big(name.size(), 4, &roi);
  roi.append(second + kRoiHeader - roi.size(), '\0');
  for (const char letter : name) put_big(static_cast<unsigned char>(letter), 2, &roi);
  return roi;
}

void write_imagej_rois(const std::filesystem::path& file, const std::vector<CellShape>& cells,
                       const ShapePages& pages) {
  ZipFile archive(file);
  for (const CellShape& cell : cells) {
    std::string name = std::to_string(cell.outline.label);
    if (pages.sections > 1) name.insert(0, "z" + std::to_string(cell.section + 1) + "-");
    if (pages.frames > 1) name.insert(0, std::to_string(cell.frame + 1) + "-");
    archive.add_stored(name + ".roi", imagej_roi(cell, name, pages));
  }
  archive.finish();
  archive.commit();
}

}  // namespace musclemap::io
