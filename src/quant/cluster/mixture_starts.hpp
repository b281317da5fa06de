// Where the EM of a mixture starts: divisions that Lloyd's k-means reaches from fixed centres
// (docs/chains/metrics.md, section 12.3). They stand for the random starts of the original.
#ifndef MUSCLEMAP_QUANT_CLUSTER_MIXTURE_STARTS_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_MIXTURE_STARTS_HPP_

#include <vector>

#include "quant/cluster/centred_sums.hpp"
#include "quant/cluster/distinct_values.hpp"

namespace musclemap::quant {

/// Ascending, each once; never empty, for `optimum`, which best_splits() found, is among them. With more than
/// 4096 values Lloyd moves whole bins, and divisions that differ inside a bin count as one. Needs k values.
std::vector<Splits> mixture_starts(const DistinctValues& values, const CentredSums& sums, int k,
                                   const Splits& optimum);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_MIXTURE_STARTS_HPP_
