#include "quant/cluster/mixture_em.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "quant/cluster/mixture_kernels.hpp"
#include "quant/cluster/value_bins.hpp"

namespace musclemap::quant {
namespace {

// What scikit-learn adds (docs/chains/metrics.md, section 11.2).
constexpr double kAddedVariance = 1e-6;                                       // reg_covar
constexpr double kAddedWeight = 10 * std::numeric_limits<double>::epsilon();  // eps
void m_step(const MixtureSums& sums, int k, Gaussians& gaussians) {
  double total = 0;
  for (int j = 0; j < k; ++j) total += sums.weight[j] + kAddedWeight;
  for (int j = 0; j < k; ++j) {
    const double n = sums.weight[j] + kAddedWeight;
    const double shift = sums.first[j] / n;
    gaussians[j].weight = n / total;
    gaussians[j].mean += shift;
    gaussians[j].variance = std::max(sums.second[j] / n - shift * shift, 0.0) + kAddedVariance;
  }
}

}  // namespace

MixtureData::MixtureData(const DistinctValues& values, const CentredSums& sums, std::size_t most)
    : total_(static_cast<double>(sums.weight(0, sums.size()))) {
  const std::vector<std::size_t> border = bin_borders(values.value, most);
  const std::size_t bins = border.size() - 1;
  place_.reserve(bins);
  weight_.reserve(bins);
  for (std::size_t i = 0; i < bins; ++i) {
    place_.push_back(static_cast<double>(sums.mean(border[i], border[i + 1])));
    weight_.push_back(static_cast<double>(sums.weight(border[i], border[i + 1])));
  }
  if (bins == values.size()) return;
  inner_variance_.reserve(bins);
  for (std::size_t i = 0; i < bins; ++i) {
    inner_variance_.push_back(static_cast<double>(sums.variance(border[i], border[i + 1])));
  }
}

std::array<LogDensity, 3> log_densities(const Gaussians& gaussians, int k) {
  std::array<LogDensity, 3> density;
  for (std::size_t j = 0; j < static_cast<std::size_t>(k); ++j) density[j] = LogDensity(gaussians[j]);
  return density;
}

Gaussians gaussians_of(const CentredSums& sums, int k, const Splits& splits) {
  const std::array<std::size_t, 4> border{0, splits[0], splits[1], sums.size()};
  const auto total = static_cast<double>(sums.weight(0, sums.size()));
  Gaussians gaussians{};
  for (std::size_t j = 0; j < static_cast<std::size_t>(k); ++j) {
    const double n = static_cast<double>(sums.weight(border[j], border[j + 1])) + kAddedWeight;
    gaussians[j].weight = n / total;
    gaussians[j].mean = static_cast<double>(sums.mean(border[j], border[j + 1]));
    gaussians[j].variance = static_cast<double>(sums.variance(border[j], border[j + 1])) + kAddedVariance;
  }
  return gaussians;
}

EmResult maximise(const MixtureData& data, int k, const Gaussians& start, const EmStop& stop, base::Isa isa) {
  const MixtureKernels& kernels = mixture_kernels_for(isa);
  EmResult result;
  result.gaussians = start;
  double previous = -std::numeric_limits<double>::infinity();
  while (result.iterations < stop.most_iterations) {
    MixtureSums sums{};
    kernels.sums(math_tables(), data.values(), log_densities(result.gaussians, k).data(), k, sums);
    m_step(sums, k, result.gaussians);
    result.bound = sums.log_likelihood / data.total();
    ++result.iterations;
    const double change = std::abs(result.bound - previous);
    if (change < stop.tolerance || std::isnan(change)) break;
    previous = result.bound;
  }
  return result;
}

}  // namespace musclemap::quant
