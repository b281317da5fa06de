// Gaussian mixtures from every start, and the choice among them (MuscleMap spec, section 12.3).
#ifndef MUSCLEMAP_QUANT_MIXTURE_HPP_
#define MUSCLEMAP_QUANT_MIXTURE_HPP_

#include <cstddef>
#include <vector>

#include "quant/mixture_em.hpp"

namespace musclemap::quant {

struct Mixture {
  Splits start{};
  EmResult em;
  bool collapsed = false;  // its narrowest component lies on one grey value
};

/// Ascending by start. Needs k values. `most_values`: how many values EM takes one by one.
std::vector<Mixture> fit_mixtures(const DistinctValues& values, const CentredSums& sums, int k,
                                  MixtureStop stop, std::size_t most_values = MixtureData::kBins);

/// Index of the largest bound; of equal ones the smallest start. With the guard collapsed mixtures win only
/// over each other.
std::size_t best_mixture(const std::vector<Mixture>& mixtures, bool guard);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_MIXTURE_HPP_
