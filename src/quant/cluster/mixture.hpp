// Gaussian mixtures from every start, and the choice among them (docs/chains/metrics.md, section 12.3).
#ifndef MUSCLEMAP_QUANT_CLUSTER_MIXTURE_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_MIXTURE_HPP_

#include <cstddef>
#include <vector>

#include "quant/cluster/mixture_em.hpp"

namespace musclemap::quant {

struct Mixture {
  Splits start{};
  EmResult em;
  bool collapsed = false;  // its narrowest component lies on one grey value
};

/// Ascending by start, each on one of the threads. Needs k values. `most_values`: how many values EM takes
/// one by one.
std::vector<Mixture> fit_mixtures(const DistinctValues& values, const CentredSums& sums, int k,
                                  MixtureStop stop, int threads = 1,
                                  std::size_t most_values = MixtureData::kBins);

/// Indices from the largest bound to the smallest, of equal ones the smallest start first. With the guard
/// collapsed mixtures come after all others.
std::vector<std::size_t> ranked(const std::vector<Mixture>& mixtures, bool guard);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_MIXTURE_HPP_
