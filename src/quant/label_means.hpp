// Mean of the values under every label.
#ifndef MUSCLEMAP_QUANT_LABEL_MEANS_HPP_
#define MUSCLEMAP_QUANT_LABEL_MEANS_HPP_

#include <cstdint>
#include <map>

#include "quant/by_slice.hpp"
#include "quant/label_sweep.hpp"

namespace musclemap::quant {

/// Values of one label in one slice.
struct MeanCounts {
  std::int64_t voxels = 0;
  std::int64_t finite = 0;
  double sum = 0;  ///< of the finite ones

  MeanCounts& operator+=(const MeanCounts& other);
  double mean() const;  ///< of the finite ones; NaN if there is none
};

/// Of one label, by slice along the section axis.
using SliceMeans = BySlice<MeanCounts>;

/// Gathers the means of the sweep's first source of values. One thread at a time.
class LabelMeans {
 public:
  explicit LabelMeans(int section_axis) : section_axis_(section_axis) {}

  /// The next slab, in rising k.
  void add(const SweepSlab& slab);
  const std::map<std::int32_t, SliceMeans>& of_label() const { return means_; }

 private:
  int section_axis_;
  std::map<std::int32_t, SliceMeans> means_;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_LABEL_MEANS_HPP_
