// Expectation maximisation of a one-dimensional Gaussian mixture (docs/chains/metrics.md, sections 11.2
// and 12.3).
#ifndef MUSCLEMAP_QUANT_CLUSTER_MIXTURE_EM_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_MIXTURE_EM_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/isa.hpp"
#include "musclemap/tissue.hpp"
#include "quant/cluster/centred_sums.hpp"
#include "quant/cluster/distinct_values.hpp"
#include "quant/cluster/log_density.hpp"
#include "quant/cluster/mixture_kernels.hpp"

namespace musclemap::quant {

/// Two or three Gaussians; the third one is not used with two.
using Gaussians = std::array<TissueComponent, 3>;

/// The intensities as EM sees them, centred on the origin of the sums: distinct values, or bins of equal
/// width where there are more than 16384. Immutable.
class MixtureData {
 public:
  static constexpr std::size_t kBins = 16384;

  /// At most `most` values stay values.
  MixtureData(const DistinctValues& values, const CentredSums& sums, std::size_t most = kBins);

  /// The variances are the population's inside the bins; null where each bin is one value.
  WeightedValues values() const {
    return {place_.size(), place_.data(), weight_.data(),
            inner_variance_.empty() ? nullptr : inner_variance_.data()};
  }
  double total() const { return total_; }

 private:
  std::vector<double> place_;
  std::vector<double> weight_;
  std::vector<double> inner_variance_;
  double total_;
};

/// When EM stops: at a change of the bound below `tolerance`, at the earliest after the second step.
struct EmStop {
  double tolerance;
  int most_iterations;
};

struct EmResult {
  Gaussians gaussians;  // after the last M-step; means are distances from the origin
  double bound = 0;     // mean log-likelihood before the last M-step
  int iterations = 0;
};

/// Of the first k Gaussians.
std::array<LogDensity, 3> log_densities(const Gaussians& gaussians, int k);

/// The M-step of hard labels.
Gaussians gaussians_of(const CentredSums& sums, int k, const Splits& splits);

/// The same bits with every instruction set.
EmResult maximise(const MixtureData& data, int k, const Gaussians& start, const EmStop& stop,
                  base::Isa isa = base::best_isa());

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_MIXTURE_EM_HPP_
