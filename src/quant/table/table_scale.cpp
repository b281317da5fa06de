#include "quant/table/table_scale.hpp"

#include "quant/label_shapes.hpp"

namespace musclemap::quant {

double TableScale::voxel_area_mm2() const {
  double area = 1;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (static_cast<int>(axis) != slice_axis) area *= spacing_mm[axis];
  }
  return area;
}

TableScale table_scale(const Geometry& labels, const std::optional<StatedVoxelSize>& stated) {
  TableScale scale{};
  scale.affine_voxel_ml = labels.voxel_ml();
  scale.spacing_mm = stated ? stated->spacing_mm : labels.spacing();
  scale.voxel_ml = stated ? stated->voxel_ml : scale.affine_voxel_ml;
  scale.slice_axis = slice_axis_of(scale.spacing_mm);
  scale.slices = labels.shape[static_cast<std::size_t>(scale.slice_axis)];
  return scale;
}

}  // namespace musclemap::quant
