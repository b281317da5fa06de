// The intensities of one label as distinct values with counts: all that clustering needs of them.
#ifndef MUSCLEMAP_QUANT_CLUSTER_DISTINCT_VALUES_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_DISTINCT_VALUES_HPP_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "quant/cluster/key_runs.hpp"

namespace musclemap::quant {

/// `value` ascends strictly; `count` has its length and no zero.
struct DistinctValues {
  std::vector<double> value;
  std::vector<std::int64_t> count;

  std::size_t size() const { return value.size(); }
  std::int64_t total() const;
};

/// Collects intensities in any order. Integers of up to 16 bits are counted in a table from the smallest to
/// the largest seen; other types are kept, and merged now and then, so that few distinct values take little
/// memory however often they come. -0.0 counts as 0.0. Copies nothing it does not keep. One thread at a time.
class DistinctValuesBuilder {
 public:
  /// T is std::uint8_t, std::int16_t, std::uint16_t, std::int32_t, float or double; always the same for one
  /// builder.
  template <class T>
  void add(const T* values, std::int64_t count, std::int64_t stride);

  /// NaN and infinite values that came; they are not kept.
  std::int64_t nonfinite() const { return nonfinite_; }
  /// What has come, and an empty builder.
  DistinctValues take();

 private:
  template <class T>
  void count_in_table(const T* values, std::int64_t count, std::int64_t stride);
  /// Makes table_ hold `value`.
  void grow_table(std::int32_t value);
  DistinctValues take_table() const;

  std::int64_t nonfinite_ = 0;
  std::int32_t table_begin_ = 0;     // value of table_[0]
  std::vector<std::int64_t> table_;  // integers of up to 16 bits
  KeyRuns<std::uint32_t> narrow_;    // i32 and f32
  KeyRuns<std::uint64_t> wide_;      // f64 and u32
  bool narrow_is_float_ = false;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_DISTINCT_VALUES_HPP_
