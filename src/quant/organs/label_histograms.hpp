// The intensities of labels as 16-bit integers, which are what TotalSegmentator's statistics rest on.
#ifndef MUSCLEMAP_QUANT_ORGANS_LABEL_HISTOGRAMS_HPP_
#define MUSCLEMAP_QUANT_ORGANS_LABEL_HISTOGRAMS_HPP_

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
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

  /// Of values that are scaled before they are halved, as NumPy's median of them does it.
  template <class Scale>
  double median(const Scale& scale) const {
    return (scale(lower) + scale(upper)) / 2;
  }
  double median() const {
    return median([](std::int16_t value) { return static_cast<double>(value); });
  }
};

/// How often each value occurs. 2 KiB, and as much for each 256 values in a row of which there is one.
class Int16Histogram {
 public:
  void add(std::int16_t value) { ++block(value)[low(value)]; }
  /// Calls body(value, count) for the values that there are, ascending.
  template <class Body>
  void for_each(const Body& body) const {
    for (std::size_t high = 0; high < blocks_.size(); ++high) {
      if (!blocks_[high]) continue;
      for (std::size_t low = 0; low < kBlock; ++low) {
        const std::int64_t count = (*blocks_[high])[low];
        if (count > 0) body(static_cast<std::int16_t>(static_cast<int>(high * kBlock + low) + kLeast), count);
      }
    }
  }

 private:
  static constexpr std::size_t kBlock = 256;
  static constexpr int kLeast = std::numeric_limits<std::int16_t>::min();
  using Block = std::array<std::int64_t, kBlock>;

  static std::size_t low(std::int16_t value) { return static_cast<std::size_t>(value - kLeast) % kBlock; }
  Block& block(std::int16_t value) {
    std::unique_ptr<Block>& found = blocks_[static_cast<std::size_t>(value - kLeast) / kBlock];
    if (!found) found = std::make_unique<Block>();
    return *found;
  }

  std::array<std::unique_ptr<Block>, kBlock> blocks_;
};

/// Of the sweep's first source of values. Holds a histogram a label. One thread at a time.
class LabelHistograms {
 public:
  explicit LabelHistograms(const std::vector<std::int32_t>& labels);

  void add(const SweepSlab& slab);

  /// 0 for a label that is not looked for.
  std::int64_t voxels(std::int32_t label) const;
  /// Of a label with voxels.
  MiddleValues middle(std::int32_t label) const;
  /// Of a label that is looked for.
  const Int16Histogram& of(std::int32_t label) const { return counts_.at(label); }
  /// Of all voxels of the image, labelled or not.
  std::int16_t least() const { return least_; }
  std::int16_t largest() const { return largest_; }

 private:
  std::map<std::int32_t, Int16Histogram> counts_;
  std::int16_t least_ = std::numeric_limits<std::int16_t>::max();
  std::int16_t largest_ = std::numeric_limits<std::int16_t>::min();
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_ORGANS_LABEL_HISTOGRAMS_HPP_
