// The arithmetic of mixture_kernels.hpp, compiled once for each instruction set. Everything has internal
// linkage and nothing of the standard library is called: a function shared with other files could come from
// the wrong instruction set.
#ifndef MUSCLEMAP_QUANT_CLUSTER_MIXTURE_KERNEL_BODY_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_MIXTURE_KERNEL_BODY_HPP_

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include <cstddef>
#include <cstdint>

#include "quant/cluster/mixture_kernels.hpp"
#include "quant/cluster/small_math.hpp"

namespace musclemap::quant {
namespace {

// Of a component whose density is below exp(-60) times the highest one nothing is left in any sum: the 10 eps
// that each weight gets (docs/chains/metrics.md, section 11.2) is larger by ten powers of ten.
constexpr double kNegligible = -60;
// exp() of less would leave the normal numbers; only the neighbour of a value that matters gets here.
constexpr double kSmallestExponent = -700;

inline bool all(const NumberBits& mask) {
#if defined(__AVX512F__)
  return _mm512_movepi64_mask(reinterpret_cast<__m512i>(mask)) == 0xff;
#elif defined(__AVX2__)
  return _mm256_movemask_pd(reinterpret_cast<__m256d>(mask)) == 0xf;
#else
  return (mask[0] & mask[1]) != 0;
#endif
}

// Where both values of a pair, at an even place and the next, are marked.
inline void join_pairs(NumberBits& mask) {
#if defined(__AVX512F__)
  mask &= __builtin_shufflevector(mask, mask, 1, 0, 3, 2, 5, 4, 7, 6);
#elif defined(__AVX2__)
  mask &= __builtin_shufflevector(mask, mask, 1, 0, 3, 2);
#else
  mask &= __builtin_shufflevector(mask, mask, 1, 0);
#endif
}

inline void log_density(const LogDensity& density, const Numbers& x, Numbers& distance, Numbers& l) {
  distance = x - density.mean;
  l = density.constant + density.curve * (distance * distance);
}

// exp(difference), which is 1 for the highest component. Values ascend, so that neighbours mostly agree and
// the branches are foreseen. Whether a share is left out depends on its pair, however many the vector holds.
inline void take_share(const MathTables& tables, Numbers& difference) {
  if (all(difference == 0)) {
    difference = Numbers{} + 1;
    return;
  }
  NumberBits negligible = difference < kNegligible;
  if (all(negligible)) {
    difference = Numbers{};
    return;
  }
  join_pairs(negligible);
  difference = difference > kSmallestExponent ? difference : Numbers{} + kSmallestExponent;
  take_exp(tables, difference);
  difference = negligible ? Numbers{} : difference;
}

// Sums in two lanes.
using Pair = double __attribute__((vector_size(16)));

inline void add_pairs(const Numbers& numbers, int pairs, Pair& sum) {
  Pair each[kLanes / 2];
  __builtin_memcpy(each, &numbers, sizeof each);
  for (int n = 0; n < pairs; ++n) sum += each[n];
}

template <int K>
struct PairSums {
  Pair weight[K] = {};
  Pair first[K] = {};
  Pair second[K] = {};
  Pair log_likelihood = {};
};

// One vector of values, of which the first pairs count: their share of the log-likelihood, L = max + ln sum
// exp(l_j - max), and the responsibilities r_j = exp(l_j - L).
template <int K>
inline void add_values(const MathTables& tables, const LogDensity* density, const double* place,
                       const double* weight, const double* inner_variance, int pairs, PairSums<K>& sums) {
  Numbers x;
  Numbers w;
  Numbers inner = {};
  load(place, x);
  load(weight, w);
  if (inner_variance != nullptr) load(inner_variance, inner);
  Numbers distance[K];
  Numbers share[K];
  for (int j = 0; j < K; ++j) log_density(density[j], x, distance[j], share[j]);
  Numbers most = share[0] > share[1] ? share[0] : share[1];
  if constexpr (K == 3) most = most > share[2] ? most : share[2];
  Numbers sum = {};
  for (int j = 0; j < K; ++j) {
    share[j] -= most;
    take_share(tables, share[j]);
    sum += share[j];
  }
  // A sum of exactly 1 has logarithm 0.
  Numbers log_likelihood = most;
  if (!all(~(sum > 1))) {
    Numbers logarithm = sum;
    take_log(tables, logarithm);
    log_likelihood += logarithm;
  }
  add_pairs(w * log_likelihood, pairs, sums.log_likelihood);
  const Numbers scale = w / sum;
  for (int j = 0; j < K; ++j) {
    const Numbers responsibility = share[j] * scale;
    const Numbers moment = responsibility * distance[j];
    add_pairs(responsibility, pairs, sums.weight[j]);
    add_pairs(moment, pairs, sums.first[j]);
    add_pairs(moment * distance[j] + responsibility * inner, pairs, sums.second[j]);
  }
}

template <int K>
void sums_of(const MathTables& tables, const WeightedValues& values, const LogDensity* density,
             MixtureSums& result) {
  PairSums<K> sums;
  const std::size_t whole = values.size - values.size % kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) {
    add_values<K>(tables, density, values.place + i, values.weight + i,
                  values.inner_variance == nullptr ? nullptr : values.inner_variance + i, kLanes / 2, sums);
  }
  if (whole < values.size) {
    // The last value again, without weight, fills the vector.
    double place[kLanes];
    double weight[kLanes];
    double inner_variance[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const bool used = whole + lane < values.size;
      const std::size_t i = used ? whole + lane : values.size - 1;
      place[lane] = values.place[i];
      weight[lane] = used ? values.weight[i] : 0;
      inner_variance[lane] = values.inner_variance == nullptr ? 0 : values.inner_variance[i];
    }
    const int pairs = static_cast<int>((values.size - whole + 1) / 2);
    add_values<K>(tables, density, place, weight, inner_variance, pairs, sums);
  }
  for (int j = 0; j < K; ++j) {
    result.weight[j] = sums.weight[j][0] + sums.weight[j][1];
    result.first[j] = sums.first[j][0] + sums.first[j][1];
    result.second[j] = sums.second[j][0] + sums.second[j][1];
  }
  result.log_likelihood = sums.log_likelihood[0] + sums.log_likelihood[1];
}

void sums_of_mixture(const MathTables& tables, const WeightedValues& values, const LogDensity* density, int k,
                     MixtureSums& sums) {
  if (k == 2) {
    sums_of<2>(tables, values, density, sums);
  } else {
    sums_of<3>(tables, values, density, sums);
  }
}

// As LogDensity says it: other than in the sums, the curve comes before the square.
template <class X>
inline void take_log_density(const LogDensity& density, const X& x, X& l) {
  l = density.constant + density.curve * (x - density.mean) * (x - density.mean);
}

// Of kLanes values.
inline void label_values(const double* values, double origin, const LogDensity* density,
                         const LogDensity& last, std::uint8_t* labels) {
  using Labels = std::uint8_t __attribute__((vector_size(kLanes)));
  Numbers x;
  load(values, x);
  x -= origin;
  Numbers most;
  Numbers l;
  take_log_density(density[0], x, most);
  take_log_density(density[1], x, l);
  NumberBits label = (l > most) & 1;
  most = l > most ? l : most;
  take_log_density(last, x, l);
  label = l > most ? NumberBits{} + 2 : label;
  const Labels narrow = __builtin_convertvector(label, Labels);
  __builtin_memcpy(labels, &narrow, sizeof narrow);
}

void labels_of_mixture(const double* values, std::size_t size, double origin, const LogDensity* density,
                       int k, std::uint8_t* labels) {
  // With two components the last is the second, which is then no higher than the best.
  const LogDensity& last = density[k - 1];
  const std::size_t whole = size - size % kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) label_values(values + i, origin, density, last, labels + i);
  if (whole == size) return;
  double rest[kLanes] = {};
  std::uint8_t of_rest[kLanes];
  for (std::size_t i = whole; i < size; ++i) rest[i - whole] = values[i];
  label_values(rest, origin, density, last, of_rest);
  for (std::size_t i = whole; i < size; ++i) labels[i] = of_rest[i - whole];
}

}  // namespace
}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_MIXTURE_KERNEL_BODY_HPP_
