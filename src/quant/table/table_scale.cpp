#include "quant/table/table_scale.hpp"

#include <cstddef>

#include "image/section_axis.hpp"

namespace musclemap::quant {
TableScale table_scale(const Geometry& labels, const std::optional<StatedVoxelSize>& stated,
                       SectionAxis section) {
  TableScale scale{};
  scale.affine_voxel_ml = labels.voxel_ml();
  scale.spacing_mm = stated ? stated->spacing_mm : labels.spacing();
  scale.voxel_ml = stated ? stated->voxel_ml : scale.affine_voxel_ml;
  scale.slice_axis = image::slice_axis_of(scale.spacing_mm);
  scale.section_axis = image::section_axis_of(section, labels.to_world, scale.spacing_mm);
  scale.section_mm2 = image::sine_across(scale.section_axis, labels.to_world);
  for (int axis = 0; axis < 3; ++axis) {
    if (axis != scale.section_axis) scale.section_mm2 *= scale.spacing_mm[static_cast<std::size_t>(axis)];
  }
  return scale;
}

}  // namespace musclemap::quant
