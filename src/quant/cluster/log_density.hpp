// The share of one Gaussian of a mixture in the likelihood of an intensity.
#ifndef MUSCLEMAP_QUANT_CLUSTER_LOG_DENSITY_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_LOG_DENSITY_HPP_

#include <cmath>

#include "musclemap/tissue.hpp"

namespace musclemap::quant {

/// ln(weight) + ln(density) at x as `constant + curve * (x - mean)^2`: the l_ij of docs/chains/metrics.md,
/// section 11.2.
struct LogDensity {
  double mean = 0;
  double curve = 0;
  double constant = 0;

  LogDensity() = default;
  explicit LogDensity(const TissueComponent& gaussian)
      : mean(gaussian.mean),
        curve(-0.5 / gaussian.variance),
        constant(std::log(gaussian.weight) - 0.5 * std::log(kTwoPi * gaussian.variance)) {}
  double operator()(double x) const { return constant + curve * (x - mean) * (x - mean); }

 private:
  static constexpr double kTwoPi = 6.283185307179586476925;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_LOG_DENSITY_HPP_
