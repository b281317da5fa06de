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
  int slice_axis;          ///< along which slices are counted
  std::int64_t slices;     ///< length of that axis

  double voxel_area_mm2() const;  ///< of a voxel in a plane across the slice axis
};

TableScale table_scale(const Geometry& labels, const std::optional<StatedVoxelSize>& stated);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_TABLE_TABLE_SCALE_HPP_
