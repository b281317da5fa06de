#include "quant/cluster/mixture_em.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "quant/cluster/small_math.hpp"
#include "quant/cluster/value_bins.hpp"

namespace musclemap::quant {
namespace {

constexpr double kAddedVariance = 1e-6;                                       // reg_covar
constexpr double kAddedWeight = 10 * std::numeric_limits<double>::epsilon();  // eps0
// Of a component whose density is below exp(-60) times the highest one nothing is left in any sum: eps0 alone
// is larger by ten powers of ten.
constexpr double kNegligible = -60;
// exp() of less would leave the normal numbers; only the neighbour of a value that matters gets here.
constexpr double kSmallestExponent = -700;

// The sums of one pass. Moments are about the component's previous mean, without cancellation.
template <int K>
struct Moments {
  std::array<double, K> weight{};
  std::array<double, K> first{};
  std::array<double, K> second{};
  double log_likelihood = 0;
};

// E-step and sums for two values at a time, each in its lane.
template <int K>
class EStep {
 public:
  explicit EStep(const Gaussians& gaussians) {
    for (int j = 0; j < K; ++j) density_[j] = LogDensity(gaussians[j]);
  }

  // The share of the log-likelihood, L = max + ln sum exp(l_j - max), and the responsibilities
  // r_j = exp(l_j - L).
  void add(const SmallMath& math, Pair x, Pair w, Pair inner_variance) {
    std::array<Pair, K> distance;
    std::array<Pair, K> l;
    for (int j = 0; j < K; ++j) {
      distance[j] = x - density_[j].mean;
      l[j] = density_[j].constant + density_[j].curve * (distance[j] * distance[j]);
    }
    Pair most = larger(l[0], l[1]);
    if constexpr (K == 3) most = larger(most, l[2]);
    Pair sum = pair_of(0);
    std::array<Pair, K> share;
    for (int j = 0; j < K; ++j) {
      share[j] = share_of(math, l[j] - most);
      sum += share[j];
    }
    // A sum of exactly 1 has logarithm 0.
    Pair log_likelihood = most;
    if (sum[0] > 1 || sum[1] > 1) log_likelihood += math.log(sum);
    log_likelihood_ += w * log_likelihood;
    const Pair scale = w / sum;
    for (int j = 0; j < K; ++j) {
      const Pair responsibility = share[j] * scale;
      const Pair moment = responsibility * distance[j];
      weight_[j] += responsibility;
      first_[j] += moment;
      second_[j] += moment * distance[j] + responsibility * inner_variance;
    }
  }

  Moments<K> moments() const {
    Moments<K> result;
    for (int j = 0; j < K; ++j) {
      result.weight[j] = weight_[j][0] + weight_[j][1];
      result.first[j] = first_[j][0] + first_[j][1];
      result.second[j] = second_[j][0] + second_[j][1];
    }
    result.log_likelihood = log_likelihood_[0] + log_likelihood_[1];
    return result;
  }

 private:
  // exp(difference), which is 1 for the highest component. Values ascend, so that neighbours mostly agree and
  // the branches are foreseen.
  static Pair share_of(const SmallMath& math, Pair difference) {
    if (difference[0] == 0 && difference[1] == 0) return pair_of(1);
    if (difference[0] < kNegligible && difference[1] < kNegligible) return pair_of(0);
    return math.exp(larger(difference, pair_of(kSmallestExponent)));
  }

  std::array<LogDensity, K> density_;
  std::array<Pair, K> weight_{};
  std::array<Pair, K> first_{};
  std::array<Pair, K> second_{};
  Pair log_likelihood_{};
};

template <int K>
Moments<K> e_step(const MixtureData& data, const Gaussians& gaussians) {
  static const SmallMath math;
  EStep<K> step(gaussians);
  const double* x = data.place();
  const double* w = data.weight();
  const double* inner = data.inner_variance();
  const std::size_t even = data.size() - data.size() % 2;
  if (inner == nullptr) {
    for (std::size_t i = 0; i < even; i += 2) step.add(math, load_pair(x + i), load_pair(w + i), pair_of(0));
  } else {
    for (std::size_t i = 0; i < even; i += 2) {
      step.add(math, load_pair(x + i), load_pair(w + i), load_pair(inner + i));
    }
  }
  if (even < data.size()) {
    step.add(math, pair_of(x[even]), Pair{w[even], 0}, pair_of(inner == nullptr ? 0 : inner[even]));
  }
  return step.moments();
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
