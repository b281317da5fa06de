// Whether a division into tissues can be one: thresholds and classes against each other.
#ifndef MUSCLEMAP_QUANT_CLUSTER_FIT_CHECK_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_FIT_CHECK_HPP_

#include <vector>

#include "musclemap/tissue.hpp"
#include "quant/cluster/centred_sums.hpp"
#include "quant/cluster/distinct_values.hpp"

namespace musclemap::quant {

/// implausible, overlapping or ok. `fit` has thresholds and components, `values` and `sums` are those that it
/// divides.
LabelStatus checked_fit(const TissueFit& fit, TissueMethod method, const DistinctValues& values,
                        const CentredSums& sums);

/// Share of voxels that the mixture expects in another class than the one they come from: the sum over the
/// components of weight * P(another one has the higher density). 0 to 1.
double expected_confusion(const std::vector<TissueComponent>& gaussians);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_FIT_CHECK_HPP_
