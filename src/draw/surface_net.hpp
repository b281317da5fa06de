// The surface of some classes of a label map, smoothed.
#ifndef MUSCLEMAP_DRAW_SURFACE_NET_HPP_
#define MUSCLEMAP_DRAW_SURFACE_NET_HPP_

#include <array>
#include <cstdint>
#include <vector>

#include "draw/label_grid.hpp"

namespace musclemap::draw {

using Point3 = std::array<float, 3>;

/// Four corners, counted so that the outside is where they turn counter-clockwise, and the class inside.
struct Quad {
  std::array<std::uint32_t, 4> corner;
  std::uint16_t inside;
};

/// A surface in mm along right, front and head, in the coordinates of the grid.
struct Mesh {
  std::vector<Point3> points;
  std::vector<Point3> normals;  ///< outwards, of any length
  std::vector<Quad> quads;
};

/// Between the voxels whose class n has shown[n] != 0 and all others: a point in every cell of eight voxels
/// that are not all on one side, four of them around each pair of neighbours that are not (surface nets:
/// Gibson, "Constrained elastic surface nets", MICCAI 1998). The points are drawn towards their neighbours'
/// mean, but stay in their cells, so that thin structures stay. Where classes meet, points follow that seam
/// alone (Frisken, "SurfaceNets for multi-label segmentations with preservation of sharp boundaries", 2022).
///
/// Peak memory: about 90 bytes for every cell that the surface passes.
Mesh surface_net(const LabelGrid& grid, const std::vector<char>& shown);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_SURFACE_NET_HPP_
