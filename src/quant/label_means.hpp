// Mean of the values under every label.
#ifndef MUSCLEMAP_QUANT_LABEL_MEANS_HPP_
#define MUSCLEMAP_QUANT_LABEL_MEANS_HPP_

#include <cstdint>
#include <map>
#include <vector>

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

/// Gathers the means of the sweep's first source of values. One thread at a time.
class LabelMeans {
 public:
  LabelMeans(int slice_axis, std::int64_t slices) : slice_axis_(slice_axis), slices_(slices) {}

  /// The next slab, in rising k.
  void add(const SweepSlab& slab);
  /// By label and slice.
  const std::map<std::int32_t, std::vector<MeanCounts>>& of_label() const { return means_; }

 private:
  int slice_axis_;
  std::int64_t slices_;
  std::map<std::int32_t, std::vector<MeanCounts>> means_;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_LABEL_MEANS_HPP_
