// Counts and moments of any stretch of sorted values, in constant time.
#ifndef MUSCLEMAP_QUANT_CLUSTER_CENTRED_SUMS_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_CENTRED_SUMS_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "quant/cluster/distinct_values.hpp"

namespace musclemap::quant {

/// Where the second and the third cluster begin among the distinct values. With two clusters the third begins
/// past the end. Ascends strictly; compares by first split, then second.
using Splits = std::array<std::size_t, 2>;

/// Prefix sums about the origin, which is the value nearest to the mean: with a value, unlike with the mean,
/// the sums of integers stay integers, and long double holds them exactly. Immutable.
class CentredSums {
 public:
  /// `values` is not empty.
  explicit CentredSums(const DistinctValues& values);

  std::size_t size() const { return size_; }
  double origin() const { return origin_; }
  /// Voxels of the values from `begin` to before `end`.
  std::int64_t weight(std::size_t begin, std::size_t end) const {
    return entries_[end].weight - entries_[begin].weight;
  }
  /// Sum of the voxels' distances from the origin.
  long double sum(std::size_t begin, std::size_t end) const {
    return entries_[end].sum - entries_[begin].sum;
  }
  /// Sum of the squares of those distances.
  long double square(std::size_t begin, std::size_t end) const {
    return entries_[end].square - entries_[begin].square;
  }
  /// Mean distance from the origin; the stretch is not empty.
  long double mean(std::size_t begin, std::size_t end) const {
    return sum(begin, end) / static_cast<long double>(weight(begin, end));
  }
  /// Population variance; the stretch is not empty.
  long double variance(std::size_t begin, std::size_t end) const;
  /// What the stretch, as a cluster, takes off the sum of squares: sum^2 / weight. The stretch is not empty.
  long double gain(std::size_t begin, std::size_t end) const {
    const long double s = sum(begin, end);
    return s * s / static_cast<long double>(weight(begin, end));
  }

 private:
  // Of all values below one.
  struct Entry {
    long double sum;
    long double square;
    std::int64_t weight;
  };

  double origin_;
  std::size_t size_;
  std::unique_ptr<Entry[]> entries_;  // one more; no vector, which would write zeros first
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_CENTRED_SUMS_HPP_
