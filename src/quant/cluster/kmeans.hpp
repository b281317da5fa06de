// Exact one-dimensional k-means (docs/chains/metrics.md, section 12.2).
#ifndef MUSCLEMAP_QUANT_CLUSTER_KMEANS_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_KMEANS_HPP_

#include "quant/cluster/centred_sums.hpp"
#include "quant/cluster/distinct_values.hpp"

namespace musclemap::quant {

/// The division into `k` clusters, 2 or 3, with the smallest sum of squares about the clusters' means. Of
/// divisions that are equally good the one with the smallest first split wins, then with the smallest second.
/// Needs at least k values. O(m) for two clusters, O(m log m) for three.
Splits best_splits(const CentredSums& sums, int k);

/// Sum of squares about the clusters' means, from the values themselves: prefix sums would lose digits.
double inertia(const DistinctValues& values, const CentredSums& sums, const Splits& splits);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_KMEANS_HPP_
