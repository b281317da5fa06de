// exp and log of several numbers at once, on the ranges that log-sum-exp needs, short enough to be inlined.
// Each file gets its own, as wide as the instruction set that it is compiled for; the bits are the same with
// all.
#ifndef MUSCLEMAP_QUANT_CLUSTER_SMALL_MATH_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_SMALL_MATH_HPP_

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include <cstdint>

namespace musclemap::quant {

/// 2^(i / 128); logarithm and inverse of 1 + i / 128. Those above 3 only keep the index of a NaN inside.
struct MathTables {
  static constexpr int kStepBits = 7;
  static constexpr int kSteps = 1 << kStepBits;
  static constexpr int kEntries = 1 << (kStepBits + 2);
  double power[kSteps];
  double log[kEntries];
  double inverse[kEntries];
};

const MathTables& math_tables();

namespace {

#if defined(__AVX512F__)
constexpr int kLanes = 8;
#elif defined(__AVX2__)
constexpr int kLanes = 4;
#else
constexpr int kLanes = 2;
#endif
using Numbers = double __attribute__((vector_size(8 * kLanes)));
using NumberBits = std::int64_t __attribute__((vector_size(8 * kLanes)));

// Vectors are passed by reference: the ABI of others depends on the instruction set, of which GCC warns.

inline void load(const double* from, Numbers& numbers) { __builtin_memcpy(&numbers, from, sizeof numbers); }

inline void look_up(const double* table, const NumberBits& i, Numbers& found) {
#if defined(__AVX512F__)
  // Without the mask GCC 12 warns of its own header.
  found = _mm512_mask_i64gather_pd(_mm512_setzero_pd(), 0xff, reinterpret_cast<__m512i>(i), table, 8);
#elif defined(__AVX2__)
  found = _mm256_i64gather_pd(table, reinterpret_cast<__m256i>(i), 8);
#else
  found = Numbers{table[i[0]], table[i[1]]};
#endif
}

// Tables and a short Taylor series around the nearest entry; errors stay below 4e-16 (exp: relative, log:
// absolute).

// 1.5 * 2^52: adding it rounds to an integer, which stands in the low bits of the sum.
constexpr double kRound = 6755399441055744.0;

/// x becomes exp(x) for -700 <= x <= 0: x = (128 q + i) ln2 / 128 + r, exp(x) = 2^q 2^(i / 128) exp(r).
inline void take_exp(const MathTables& tables, Numbers& x) {
  constexpr double kLn2 = 0.693147180559945309417;
  // ln2 / 128 in two parts; the first has 16 zero bits at its end, so that its multiples are exact.
  constexpr double kLn2High = 0x1.62e42fefap-8;
  constexpr double kLn2Low = 0x1.cf79abc9e3b39803p-47;
  const Numbers rounded = x * (MathTables::kSteps / kLn2) + kRound;
  const Numbers n = rounded - kRound;
  const Numbers r = (x - n * kLn2High) - n * kLn2Low;
  const Numbers series =
      r + r * r * (1.0 / 2 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720)))));
  const auto bits = reinterpret_cast<NumberBits>(rounded);
  Numbers power;
  look_up(tables.power, bits & (MathTables::kSteps - 1), power);
  // 128 q moves from bit 7 up to the exponent, which begins at bit 52; the bits above it fall out.
  x = reinterpret_cast<Numbers>(
      reinterpret_cast<NumberBits>(power + power * series) +
      ((bits & ~std::int64_t{MathTables::kSteps - 1}) << (52 - MathTables::kStepBits)));
}

/// s becomes log(s) for 1 <= s <= 3: s = c (1 + r) with c = 1 + i / 128.
inline void take_log(const MathTables& tables, Numbers& s) {
  const Numbers rounded = (s - 1.0) * double{MathTables::kSteps} + kRound;
  const NumberBits i = reinterpret_cast<NumberBits>(rounded) & (MathTables::kEntries - 1);
  Numbers inverse;
  look_up(tables.inverse, i, inverse);
  const Numbers r = (s - (1.0 + (rounded - kRound) * (1.0 / MathTables::kSteps))) * inverse;
  const Numbers series =
      r - r * r * (1.0 / 2 - r * (1.0 / 3 - r * (1.0 / 4 - r * (1.0 / 5 - r * (1.0 / 6 - r * (1.0 / 7))))));
  look_up(tables.log, i, s);
  s += series;
}

}  // namespace
}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_SMALL_MATH_HPP_
