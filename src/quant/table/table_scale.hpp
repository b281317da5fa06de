// How voxels become millimetres and millilitres.
#ifndef MUSCLEMAP_QUANT_TABLE_TABLE_SCALE_HPP_
#define MUSCLEMAP_QUANT_TABLE_TABLE_SCALE_HPP_

#include <optional>

#include "musclemap/metrics.hpp"

namespace musclemap::quant {

struct TableScale {
  Spacing spacing_mm;      ///< stated by the file, or from the affine
  double voxel_ml;         ///< the same
  double affine_voxel_ml;  ///< from the affine's determinant
  int slice_axis;          ///< along which MuscleMap's slices are counted
  int section_axis;        ///< along which cross-sections follow each other
  double section_mm2;      ///< area of a voxel in a plane across the section axis
};

/// Error `argument` for another number than those of SectionAxis.
TableScale table_scale(const Geometry& labels, const std::optional<StatedVoxelSize>& stated,
                       SectionAxis section);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_TABLE_TABLE_SCALE_HPP_
