// Counts and moments of any stretch of sorted values, in constant time.
#ifndef MUSCLEMAP_QUANT_CLUSTER_CENTRED_SUMS_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_CENTRED_SUMS_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

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

  std::size_t size() const { return weight_.size() - 1; }
  double origin() const { return origin_; }
  /// Voxels of the values from `begin` to before `end`.
  std::int64_t weight(std::size_t begin, std::size_t end) const { return weight_[end] - weight_[begin]; }
  /// Sum of the voxels' distances from the origin.
  long double sum(std::size_t begin, std::size_t end) const { return sum_[end] - sum_[begin]; }
  /// Sum of the squares of those distances.
  long double square(std::size_t begin, std::size_t end) const { return square_[end] - square_[begin]; }
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
  double origin_;
  std::vector<std::int64_t> weight_;
  std::vector<long double> sum_;
  std::vector<long double> square_;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_CENTRED_SUMS_HPP_
