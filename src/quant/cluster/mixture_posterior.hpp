// Probabilities of a mixture's components at an intensity.
#ifndef MUSCLEMAP_QUANT_CLUSTER_MIXTURE_POSTERIOR_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_MIXTURE_POSTERIOR_HPP_

#include <array>
#include <cstddef>

#include "quant/cluster/log_density.hpp"

namespace musclemap::quant {

/// Immutable.
class MixturePosterior {
 public:
  static constexpr std::size_t kMostComponents = 3;
  using Probabilities = std::array<double, kMostComponents>;

  explicit MixturePosterior(const TissueFit& fit);

  std::size_t components() const { return components_; }
  /// In the order of the fit's components; r_j = exp(l_j - ln sum exp l), l_j = ln pi_j - ln(2 pi var_j) / 2
  /// - (x - mu_j)^2 / (2 var_j) (docs/chains/metrics.md, section 11.2).
  Probabilities at(double x) const;

 private:
  std::size_t components_;
  std::array<LogDensity, kMostComponents> density_;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_MIXTURE_POSTERIOR_HPP_
