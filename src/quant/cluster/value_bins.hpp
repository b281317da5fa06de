// Sorted values gathered in bins of equal width.
#ifndef MUSCLEMAP_QUANT_CLUSTER_VALUE_BINS_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_VALUE_BINS_HPP_

#include <cstddef>
#include <vector>

namespace musclemap::quant {

/// Where each occupied one of `bins` equal bins between the smallest and the largest value begins among the
/// ascending `values`, and their number as the last entry. Each value is a bin of its own if there are at
/// most `bins` of them, and if fewer than an eighth of the bins would be occupied: an outlier has then made
/// them too wide for the rest.
std::vector<std::size_t> bin_borders(const std::vector<double>& values, std::size_t bins);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_VALUE_BINS_HPP_
