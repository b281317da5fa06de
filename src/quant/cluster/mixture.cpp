#include "quant/cluster/mixture.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

#include "base/parallel.hpp"
#include "quant/cluster/kmeans.hpp"
#include "quant/cluster/mixture_starts.hpp"

namespace musclemap::quant {
namespace {

// docs/chains/metrics.md, section 12.3: MuscleMap's stop, and the maximum.
EmStop em_stop(MixtureStop stop) {
  return stop == MixtureStop::compat ? EmStop{1e-3, 1000} : EmStop{1e-9, 5000};
}

double smallest_gap(const DistinctValues& values) {
  double gap = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i < values.size(); ++i) gap = std::min(gap, values.value[i] - values.value[i - 1]);
  return gap;
}

bool has_collapsed(const Gaussians& gaussians, int k, double gap) {
  const auto narrow = [gap](const TissueComponent& gaussian) {
    return std::sqrt(gaussian.variance) < gap / 4;
  };
  return std::any_of(gaussians.begin(), gaussians.begin() + k, narrow);
}

}  // namespace

std::vector<Mixture> fit_mixtures(const DistinctValues& values, const CentredSums& sums, int k,
                                  MixtureStop stop, int threads, std::size_t most_values) {
  const MixtureData data(values, sums, most_values);
  const double gap = smallest_gap(values);
  const std::vector<Splits> starts = mixture_starts(values, sums, k, best_splits(sums, k));
  std::vector<Mixture> mixtures(starts.size());
  // Fewer values are done before another thread has started.
  constexpr std::size_t kWorthThreads = 4096;
  const int helping = data.values().size < kWorthThreads ? 1 : threads;
  base::parallel_for(static_cast<std::int64_t>(starts.size()), helping, [&](std::int64_t n) {
    const auto start = static_cast<std::size_t>(n);
    Mixture& mixture = mixtures[start];
    mixture.start = starts[start];
    mixture.em = maximise(data, k, gaussians_of(sums, k, mixture.start), em_stop(stop));
    mixture.collapsed = has_collapsed(mixture.em.gaussians, k, gap);
  });
  return mixtures;
}

std::vector<std::size_t> ranked(const std::vector<Mixture>& mixtures, bool guard) {
  std::vector<std::size_t> order(mixtures.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t first, std::size_t second) {
    const Mixture& a = mixtures[first];
    const Mixture& b = mixtures[second];
    if (guard && a.collapsed != b.collapsed) return b.collapsed;
    if (std::isnan(a.em.bound) || std::isnan(b.em.bound))
      return !std::isnan(a.em.bound) && std::isnan(b.em.bound);
    return a.em.bound > b.em.bound;
  });
  return order;
}

}  // namespace musclemap::quant
