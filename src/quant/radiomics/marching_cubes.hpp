// The triangles of marching cubes: Lorensen and Cline, SIGGRAPH 1987.
#ifndef MUSCLEMAP_QUANT_RADIOMICS_MARCHING_CUBES_HPP_
#define MUSCLEMAP_QUANT_RADIOMICS_MARCHING_CUBES_HPP_

#include <array>
#include <cstddef>
#include <vector>

namespace musclemap::quant {

/// A corner of a cube is a number from 0 to 7 whose bits are its place along i, j, k. A point halfway along
/// an edge is twice its place along the axes: 0, 1 or 2.
using HalfPoint = std::array<int, 3>;
/// Its normal, by the right-hand rule in i, j, k, points away from the corners that are set.
using Triangle = std::array<HalfPoint, 3>;

/// Triangles that part the set corners of a cube from the others; bit n of `corners` is set where corner n
/// is. On a face whose set corners lie across each other each is parted by itself. The corners of a polygon
/// are joined as in the tables that pyradiomics uses: a fan from the corner that makes its area largest; of
/// seven corners, from the one that makes its volume least.
const std::vector<Triangle>& cube_triangles(std::size_t corners);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_RADIOMICS_MARCHING_CUBES_HPP_
