// Clusters of distinct values, whatever labelled them, in the order of tissues (docs/chains/metrics.md,
// section 7).
#ifndef MUSCLEMAP_QUANT_CLUSTER_HARD_CLUSTERS_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_HARD_CLUSTERS_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "musclemap/tissue.hpp"
#include "quant/cluster/centred_sums.hpp"
#include "quant/cluster/distinct_values.hpp"
#include "quant/cluster/mixture_em.hpp"

namespace musclemap::quant {

/// The cluster of each distinct value.
using ClusterLabels = std::vector<std::uint8_t>;

ClusterLabels labels_of(const DistinctValues& values, const Splits& splits);
/// The component with the highest density; of equal ones the first.
ClusterLabels labels_of(const DistinctValues& values, const CentredSums& sums, int k,
                        const Gaussians& gaussians);

struct Clusters {
  bool complete = false;                       ///< each has a voxel; without that nothing below is set
  std::array<std::size_t, 3> order{};          ///< cluster of each tissue: muscle, (undefined,) fat
  std::array<TissueComponent, 3> component{};  ///< share, mean, variance of the voxels, by cluster
  double muscle_max = TissueFit::kNone;        ///< largest value of the muscle cluster
  double fat_min = TissueFit::kNone;           ///< three clusters: smallest value of the fat cluster
};

Clusters clusters_of(const DistinctValues& values, const CentredSums& sums, int k,
                     const ClusterLabels& labels);

/// As MuscleMap's table counts them (docs/chains/metrics.md, section 7.1).
struct TissuePercent {
  double muscle;
  double fat;
};

TissuePercent percent_of(const DistinctValues& values, const CentredSums& sums, int k,
                         const Clusters& clusters);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_HARD_CLUSTERS_HPP_
