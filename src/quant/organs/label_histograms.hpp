// The intensities of labels as 16-bit integers, which are what TotalSegmentator's statistics rest on.
#ifndef MUSCLEMAP_QUANT_ORGANS_LABEL_HISTOGRAMS_HPP_
#define MUSCLEMAP_QUANT_ORGANS_LABEL_HISTOGRAMS_HPP_

#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "quant/label_sweep.hpp"

namespace musclemap::quant {

/// Truncated towards zero and wrapped, as NumPy's cast of a double does; 0 for NaN and what 32 bits cannot
/// hold.
std::int16_t wrapped_int16(double value);

/// The two middle values of a label, equal where the number of its voxels is odd.
struct MiddleValues {
  std::int16_t lower = 0;
  std::int16_t upper = 0;
};

/// Of the sweep's first source of values. Holds 512 KiB a label. One thread at a time.
class LabelHistograms {
 public:
  explicit LabelHistograms(const std::vector<std::int32_t>& labels);

  void add(const SweepSlab& slab);

  /// 0 for a label that is not looked for.
  std::int64_t voxels(std::int32_t label) const;
  /// Of a label with voxels.
  MiddleValues middle(std::int32_t label) const;
  /// Of all voxels of the image, labelled or not.
  std::int16_t least() const { return least_; }
  std::int16_t largest() const { return largest_; }

 private:
  std::map<std::int32_t, std::vector<std::int64_t>> counts_;
  std::int16_t least_ = std::numeric_limits<std::int16_t>::max();
  std::int16_t largest_ = std::numeric_limits<std::int16_t>::min();
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_ORGANS_LABEL_HISTOGRAMS_HPP_
