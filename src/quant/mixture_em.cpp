#include "quant/mixture_em.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "quant/small_math.hpp"
#include "quant/value_bins.hpp"

namespace musclemap::quant {
namespace {

constexpr double kTwoPi = 6.283185307179586476925286766559;
constexpr double kAddedVariance = 1e-6;                                       // reg_covar
constexpr double kAddedWeight = 10 * std::numeric_limits<double>::epsilon();  // eps0
// Of a component whose density is below exp(-60) times the highest one nothing is left in any sum: eps0 alone
// is larger by ten powers of ten.
constexpr double kNegligible = -60;

// The sums of one pass. Moments are about the component's previous mean, without cancellation.
template <int K>
struct Moments {
  std::array<double, K> weight{};
  std::array<double, K> first{};
  std::array<double, K> second{};
  double log_likelihood = 0;

  void add(int j, double responsibility, double distance, double inner_variance) {
    const double moment = responsibility * distance;
    weight[j] += responsibility;
    first[j] += moment;
    second[j] += moment * distance + responsibility * inner_variance;
  }
};

// One value whose highest density is that of component Top: its share of the log-likelihood and its
// responsibilities r_j = exp(l_j - L), with L = max + ln sum exp(l_j - max).
template <int K, int Top>
[[gnu::always_inline]] inline void add_value(const SmallMath& math, const std::array<double, K>& distance,
                                             const std::array<double, K>& l, double w, double inner_variance,
                                             Moments<K>& moments) {
  const double most = l[Top];
  double sum = 1;
  std::array<double, K> share;
  for (int j = 0; j < K; ++j) {
    share[j] = j == Top ? 1 : 0;
    if (j == Top || l[j] - most < kNegligible) continue;
    share[j] = math.exp(l[j] - most);
    sum += share[j];
  }
  // A sum of exactly 1 has logarithm 0.
  moments.log_likelihood += w * (sum > 1 ? most + math.log(sum) : most);
  const double scale = w / sum;
  for (int j = 0; j < K; ++j) {
    if (share[j] != 0) moments.add(j, share[j] * scale, distance[j], inner_variance);
  }
}

// Values ascend, so that neighbours mostly have the same highest component, and the branch is foreseen.
template <int K>
[[gnu::always_inline]] inline void add_value(const SmallMath& math, const std::array<LogDensity, K>& density,
                                             double x, double w, double inner_variance, Moments<K>& moments) {
  std::array<double, K> distance;
  std::array<double, K> l;
  for (int j = 0; j < K; ++j) {
    distance[j] = x - density[j].mean;
    l[j] = density[j].constant + density[j].curve * (distance[j] * distance[j]);
  }
  if constexpr (K == 3) {
    if (l[2] > l[0] && l[2] > l[1]) return add_value<K, 2>(math, distance, l, w, inner_variance, moments);
  }
  if (l[1] > l[0]) return add_value<K, 1>(math, distance, l, w, inner_variance, moments);
  add_value<K, 0>(math, distance, l, w, inner_variance, moments);
}

template <int K>
Moments<K> e_step(const MixtureData& data, const Gaussians& gaussians) {
  std::array<LogDensity, K> density;
  for (int j = 0; j < K; ++j) density[j] = LogDensity(gaussians[j]);
  Moments<K> moments;
  const SmallMath& math = SmallMath::instance();
  const double* x = data.place();
  const double* w = data.weight();
  const double* inner = data.inner_variance();
  const std::size_t size = data.size();
  if (inner == nullptr) {
    for (std::size_t i = 0; i < size; ++i) add_value<K>(math, density, x[i], w[i], 0, moments);
  } else {
    for (std::size_t i = 0; i < size; ++i) add_value<K>(math, density, x[i], w[i], inner[i], moments);
  }
  return moments;
}

template <int K>
void m_step(const Moments<K>& moments, Gaussians& gaussians) {
  double total = 0;
  for (int j = 0; j < K; ++j) total += moments.weight[j] + kAddedWeight;
  for (int j = 0; j < K; ++j) {
    const double n = moments.weight[j] + kAddedWeight;
    const double shift = moments.first[j] / n;
    gaussians[j].weight = n / total;
    gaussians[j].mean += shift;
    gaussians[j].variance = std::max(moments.second[j] / n - shift * shift, 0.0) + kAddedVariance;
  }
}

template <int K>
EmResult run(const MixtureData& data, const Gaussians& start, const EmStop& stop) {
  EmResult result;
  result.gaussians = start;
  double previous = -std::numeric_limits<double>::infinity();
  while (result.iterations < stop.most_iterations) {
    const Moments<K> moments = e_step<K>(data, result.gaussians);
    m_step(moments, result.gaussians);
    result.bound = moments.log_likelihood / data.total();
    ++result.iterations;
    const double change = std::abs(result.bound - previous);
    if (change < stop.tolerance || std::isnan(change)) break;
    previous = result.bound;
  }
  return result;
}

}  // namespace

LogDensity::LogDensity(const TissueComponent& gaussian)
    : mean(gaussian.mean),
      curve(-0.5 / gaussian.variance),
      constant(std::log(gaussian.weight) - 0.5 * std::log(kTwoPi * gaussian.variance)) {}

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

EmResult maximise(const MixtureData& data, int k, const Gaussians& start, const EmStop& stop) {
  return k == 2 ? run<2>(data, start, stop) : run<3>(data, start, stop);
}

}  // namespace musclemap::quant
