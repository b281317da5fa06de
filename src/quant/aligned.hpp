// The volumes of a TissueMap along the axes of its image, and results on the way back to the labels' grid.
#ifndef MUSCLEMAP_QUANT_ALIGNED_HPP_
#define MUSCLEMAP_QUANT_ALIGNED_HPP_

#include "image/grid_check.hpp"
#include "image/reordered.hpp"
#include "musclemap/metrics.hpp"
#include "musclemap/tissue.hpp"

namespace musclemap::quant {

/// How the label map lies on the image's grid. Errors: those of image::match_grids().
inline image::GridMatch labels_on(const Geometry& image, const Geometry& labels, double tolerance) {
  return image::match_grids({image, "image"}, {labels, "label map"}, tolerance);
}

inline image::Orientation label_axes(const TissueMap& map) {
  return labels_on(map.image().geometry(), map.labels().geometry(), map.options().geometry_tolerance)
      .to_reference;
}

/// A voxel size that is stated along the label map's axes, along those of the image.
inline std::optional<StatedVoxelSize> reordered(std::optional<StatedVoxelSize> stated,
                                                const image::Orientation& axes) {
  if (!stated) return stated;
  Spacing spacing{};
  for (std::size_t axis = 0; axis < spacing.size(); ++axis) {
    spacing[static_cast<std::size_t>(axes.ras_axis[axis])] = stated->spacing_mm[axis];
  }
  stated->spacing_mm = spacing;
  return stated;
}

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_ALIGNED_HPP_
