// Outlines as GeoJSON (RFC 7946) in the form that QuPath reads and writes.
#ifndef MUSCLEMAP_IO_SHAPES_GEOJSON_HPP_
#define MUSCLEMAP_IO_SHAPES_GEOJSON_HPP_

#include <string>
#include <vector>

#include "io/shapes/cell_shape.hpp"

namespace musclemap::io {

/// A FeatureCollection with a detection a cell, in the order given: a Polygon, or a MultiPolygon of several
/// parts, in pixels with whole numbers at their corners, rings closed, holes behind the outer ring; its
/// number as name, its colour, and frame and section where there is more than one of either.
std::string geojson_text(const std::vector<CellShape>& cells, const ShapePages& pages);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_SHAPES_GEOJSON_HPP_
