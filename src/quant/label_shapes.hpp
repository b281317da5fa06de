// Where the voxels of every label lie.
#ifndef MUSCLEMAP_QUANT_LABEL_SHAPES_HPP_
#define MUSCLEMAP_QUANT_LABEL_SHAPES_HPP_

#include <cstdint>
#include <map>
#include <vector>

#include "image/label_parts.hpp"
#include "musclemap/geometry.hpp"
#include "quant/label_sweep.hpp"

namespace musclemap::quant {

/// Axis along which slices are counted: that of the largest spacing, the first of equal ones; the third where
/// largest / smallest is below 1.01 (MuscleMap spec, section 4).
int slice_axis_of(const Spacing& spacing_mm);

struct LabelShape {
  std::int64_t voxels = 0;
  std::vector<std::int64_t> per_slice;  ///< voxels in each slice along the slice axis
  bool touches_border = false;          ///< has a voxel in the first or last plane of an axis of several
  std::int64_t parts = 0;               ///< 6-connected

  std::int64_t slices() const;  ///< with at least one voxel
};

/// Gathers the shapes during a sweep. One thread at a time.
class LabelShapes {
 public:
  LabelShapes(const Index3& shape, int slice_axis);

  int slice_axis() const { return slice_axis_; }
  /// The next slab, in rising k.
  void add(const SweepSlab& slab);
  /// Ascending by label; complete after the last slab.
  const std::map<std::int32_t, LabelShape>& of_label() const { return shapes_; }

 private:
  void add_stretch(const Stretch& stretch, std::int64_t k_begin);
  LabelShape& shape_of(std::int32_t label);

  Index3 shape_;
  int slice_axis_;
  std::map<std::int32_t, LabelShape> shapes_;
  std::int32_t last_label_ = 0;
  LabelShape* last_ = nullptr;
  image::LabelParts parts_;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_LABEL_SHAPES_HPP_
