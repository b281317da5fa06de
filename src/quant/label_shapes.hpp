// Where the voxels of every label lie.
#ifndef MUSCLEMAP_QUANT_LABEL_SHAPES_HPP_
#define MUSCLEMAP_QUANT_LABEL_SHAPES_HPP_

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "image/labels/label_parts.hpp"
#include "image/swapped_inputs.hpp"
#include "musclemap/geometry.hpp"
#include "quant/by_slice.hpp"
#include "quant/label_sweep.hpp"

namespace musclemap::quant {

struct LabelShape {
  std::int64_t voxels = 0;
  BySlice<std::int64_t> sections;    ///< voxels in each cross-section along the section axis
  BySlice<std::int64_t> own_slices;  ///< along MuscleMap's axis where that is another; else empty
  bool touches_border = false;       ///< has a voxel in the first or last plane of an axis of several
  bool touches_side = false;         ///< the same of an axis of the sections, where they have an inside
  std::int64_t parts = 0;            ///< 6-connected

  std::int64_t slices() const;  ///< along MuscleMap's axis, with at least one voxel
};

/// Gathers the shapes during a sweep. One thread at a time.
class LabelShapes {
 public:
  LabelShapes(const Index3& shape, int slice_axis, int section_axis);

  /// The next slab, in rising k. Error `format` for more labels than label_limits.hpp allows.
  void add(const SweepSlab& slab);
  /// Ascending by label; complete after the last slab.
  const std::map<std::int32_t, LabelShape>& of_label() const { return shapes_; }
  /// Complete after the last slab.
  image::LabelCounts counts() const;

 private:
  void add_run(const image::LabelRun& run, std::int64_t j, std::int64_t k);
  LabelShape& shape_of(std::int32_t label);

  Index3 shape_;
  int slice_axis_;
  int section_axis_;
  bool sides_;  // sections have an inside
  std::map<std::int32_t, LabelShape> shapes_;
  std::int32_t last_label_ = 0;
  LabelShape* last_ = nullptr;
  std::int64_t runs_ = 0;
  std::size_t sections_ = 0;  // of all labels
  image::LabelParts parts_;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_LABEL_SHAPES_HPP_
