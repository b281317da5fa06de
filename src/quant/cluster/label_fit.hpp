// Dividing one label's intensities into tissues.
#ifndef MUSCLEMAP_QUANT_CLUSTER_LABEL_FIT_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_LABEL_FIT_HPP_

#include <cstdint>

#include "musclemap/tissue.hpp"
#include "quant/cluster/distinct_values.hpp"

namespace musclemap::quant {

/// `nonfinite` is the number of the label's voxels that `values` leaves out; one is enough for that status.
/// Never throws for data; the status says what is wrong with them. The result is the same with any number of
/// threads.
TissueFit fit_label(std::int32_t label, const DistinctValues& values, std::int64_t nonfinite,
                    const TissueOptions& options, int threads = 1);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_LABEL_FIT_HPP_
