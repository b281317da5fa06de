// The label map as surfaces are made of it.
#ifndef MUSCLEMAP_DRAW_LABEL_GRID_HPP_
#define MUSCLEMAP_DRAW_LABEL_GRID_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "draw/views.hpp"

namespace musclemap::draw {

/// Part of the volume in voxels, [begin, end) along each axis of `Views`.
struct VoxelBox {
  Index3 begin{0, 0, 0};
  Index3 end{0, 0, 0};
};

/// Class numbers on a grid along right, front and head, with a rim of one voxel of class 0 on all sides.
struct LabelGrid {
  Index3 shape{0, 0, 0};                   ///< with the rim
  std::array<float, 3> step_mm{1, 1, 1};   ///< from voxel to voxel
  std::array<float, 3> first_mm{0, 0, 0};  ///< of voxel (0, 0, 0), from the centre of the volume's first
  std::vector<std::uint16_t> classes;      ///< first axis fastest

  std::size_t at(std::int64_t x, std::int64_t y, std::int64_t z) const {
    return static_cast<std::size_t>(x + shape[0] * (y + shape[1] * z));
  }
};

/// The smallest box that holds both.
VoxelBox hull(const VoxelBox& a, const VoxelBox& b);

/// The smallest box that holds each label.
std::map<std::int32_t, VoxelBox> label_boxes(const Views& views);

/// Every n-th voxel of the box: as many as the picture can show of it at `pixel_mm`, at most 24 million, 2
/// bytes each. Class n is the n-th of `values` (ascending), from 1 on; other labels are class 0.
LabelGrid label_grid(const Views& views, const VoxelBox& box, const std::vector<std::int32_t>& values,
                     double pixel_mm);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_LABEL_GRID_HPP_
