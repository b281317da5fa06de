#include "io/shapes/geojson.hpp"

namespace musclemap::io {
namespace {

void put_ring(const image::Ring& ring, std::string* text) {
  const auto put_corner = [&](const image::Corner& corner) {
    *text += "[" + std::to_string(corner.x) + "," + std::to_string(corner.y) + "]";
  };
  *text += "[";
  for (const image::Corner& corner : ring) {
    put_corner(corner);
    *text += ",";
  }
  put_corner(ring.front());
  *text += "]";
}

void put_part(const image::OutlinePart& part, std::string* text) {
  *text += "[";
  put_ring(part.outer, text);
  for (const image::Ring& hole : part.holes) {
    *text += ",";
    put_ring(hole, text);
  }
  *text += "]";
}

void put_cell(const CellShape& cell, const ShapePages& pages, std::string* text) {
  const auto& parts = cell.outline.parts;
  const bool several = parts.size() > 1;
  *text += R"({"type":"Feature","geometry":{"type":")";
  *text += several ? R"(MultiPolygon","coordinates":[)" : R"(Polygon","coordinates":)";
  for (std::size_t n = 0; n < parts.size(); ++n) {
    if (n > 0) *text += ",";
    put_part(parts[n], text);
  }
  if (several) *text += "]";
  if (pages.frames > 1 || pages.sections > 1) {
    *text += R"(,"plane":{"c":-1,"z":)" + std::to_string(cell.section) + R"(,"t":)" +
             std::to_string(cell.frame) + "}";
  }
  *text += R"(},"properties":{"objectType":"detection","name":")" + std::to_string(cell.outline.label) +
           R"(","color":[)";
  for (std::size_t part = 0; part < cell.colour.size(); ++part)
    *text += (part == 0 ? "" : ",") + std::to_string(static_cast<int>(cell.colour[part]));
  *text += "]}}";
}

}  // namespace

std::string geojson_text(const std::vector<CellShape>& cells, const ShapePages& pages) {
  std::string text = R"({"type":"FeatureCollection","features":[)";
  for (std::size_t n = 0; n < cells.size(); ++n) {
    text += n == 0 ? "\n" : ",\n";
    put_cell(cells[n], pages, &text);
  }
  return text + "\n]}\n";
}

}  // namespace musclemap::io
