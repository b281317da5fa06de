// exp and log of two numbers at once, on the ranges that log-sum-exp needs, short enough to be inlined.
#ifndef MUSCLEMAP_QUANT_CLUSTER_SMALL_MATH_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_SMALL_MATH_HPP_

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace musclemap::quant {

/// Two numbers in one register of every 64-bit processor.
using Pair = double __attribute__((vector_size(16)));
using PairBits = std::int64_t __attribute__((vector_size(16)));

inline Pair pair_of(double both) { return Pair{both, both}; }
inline Pair load_pair(const double* from) {
  Pair pair;
  std::memcpy(&pair, from, sizeof pair);
  return pair;
}
inline Pair larger(Pair a, Pair b) { return a > b ? a : b; }

/// Table and a short Taylor series around the nearest entry; errors stay below 4e-16 (exp: relative, log:
/// absolute). Immutable.
class SmallMath {
 public:
  SmallMath() {
    for (std::size_t i = 0; i < power_.size(); ++i) {
      power_[i] = std::exp2(static_cast<double>(i) / kSteps);
    }
    for (std::size_t i = 0; i < log_.size(); ++i) {
      const double c = 1 + static_cast<double>(i) / kSteps;
      log_[i] = std::log(c);
      inverse_[i] = 1 / c;
    }
  }

  /// exp(x) for -700 <= x <= 0: x = (128 q + i) ln2 / 128 + r, exp(x) = 2^q 2^(i / 128) exp(r).
  Pair exp(Pair x) const {
    const Pair rounded = x * (kSteps / kLn2) + kRound;
    const Pair n = rounded - kRound;
    const Pair r = (x - n * kLn2High) - n * kLn2Low;
    const Pair series =
        r + r * r * (1.0 / 2 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720)))));
    const PairBits bits = bits_of(rounded);
    const Pair power = look_up(power_, bits & (kSteps - 1));
    // 128 q moves from bit 7 up to the exponent, which begins at bit 52; the bits above it fall out.
    return from_bits(bits_of(power + power * series) +
                     ((bits & ~std::int64_t{kSteps - 1}) << (52 - kStepBits)));
  }

  /// log(s) for 1 <= s <= 3: s = c (1 + r) with c = 1 + i / 128.
  Pair log(Pair s) const {
    const Pair rounded = (s - 1.0) * double{kSteps} + kRound;
    const PairBits i = bits_of(rounded) & (kEntries - 1);
    const Pair r = (s - (1.0 + (rounded - kRound) * (1.0 / kSteps))) * look_up(inverse_, i);
    const Pair series =
        r - r * r * (1.0 / 2 - r * (1.0 / 3 - r * (1.0 / 4 - r * (1.0 / 5 - r * (1.0 / 6 - r * (1.0 / 7))))));
    return look_up(log_, i) + series;
  }

 private:
  static constexpr int kStepBits = 7;
  static constexpr int kSteps = 1 << kStepBits;
  // Of log(); those above log(3) only keep the index of a NaN inside the table.
  static constexpr int kEntries = 1 << (kStepBits + 2);
  static constexpr double kLn2 = 0.693147180559945309417;
  // ln2 / 128 in two parts; the first has 16 zero bits at its end, so that its multiples are exact.
  static constexpr double kLn2High = 0x1.62e42fefap-8;
  static constexpr double kLn2Low = 0x1.cf79abc9e3b39803p-47;
  // 1.5 * 2^52: adding it rounds to an integer, which stands in the low bits of the sum.
  static constexpr double kRound = 6755399441055744.0;

  static PairBits bits_of(Pair pair) {
    PairBits bits;
    std::memcpy(&bits, &pair, sizeof bits);
    return bits;
  }
  static Pair from_bits(PairBits bits) {
    Pair pair;
    std::memcpy(&pair, &bits, sizeof pair);
    return pair;
  }
  template <class Table>
  static Pair look_up(const Table& table, PairBits i) {
    return Pair{table[static_cast<std::size_t>(i[0])], table[static_cast<std::size_t>(i[1])]};
  }

  std::array<double, kSteps> power_{};
  std::array<double, kEntries> log_{};
  std::array<double, kEntries> inverse_{};
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_SMALL_MATH_HPP_
