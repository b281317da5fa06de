// exp and log on the ranges that log-sum-exp needs, short enough to be inlined into its loop.
#ifndef MUSCLEMAP_QUANT_SMALL_MATH_HPP_
#define MUSCLEMAP_QUANT_SMALL_MATH_HPP_

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace musclemap::quant {

/// Table and a short Taylor series around the nearest entry; errors stay below 4e-16 (exp: relative, log:
/// absolute). Immutable.
class SmallMath {
 public:
  /// The tables are made once.
  static const SmallMath& instance() {
    static const SmallMath math;
    return math;
  }

  /// exp(x) for -700 <= x <= 0: x = (128 q + i) ln2 / 128 + r, exp(x) = 2^q 2^(i / 128) exp(r).
  double exp(double x) const {
    // Adding 1.5 * 2^52 rounds to an integer, which stands in the low bits of the sum.
    constexpr double kRound = 6755399441055744.0;
    const double rounded = x * (kSteps / kLn2) + kRound;
    std::int64_t n;
    std::memcpy(&n, &rounded, sizeof n);
    n = static_cast<std::int32_t>(n);
    const double r = (x - (rounded - kRound) * kLn2High) - (rounded - kRound) * kLn2Low;
    const double series =
        r + r * r * (1.0 / 2 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720)))));
    const double power = power_[static_cast<std::size_t>(n & (kSteps - 1))];
    std::int64_t bits;
    const double mantissa = power + power * series;
    std::memcpy(&bits, &mantissa, sizeof bits);
    bits += (n >> kStepBits) * (std::int64_t{1} << 52);
    double result;
    std::memcpy(&result, &bits, sizeof result);
    return result;
  }

  /// log(s) for 1 <= s <= 3: s = c (1 + r) with c = 1 + i / 128.
  double log(double s) const {
    const auto i = static_cast<std::int32_t>((s - 1) * kSteps + 0.5);
    const double c = 1 + i * (1.0 / kSteps);
    const double r = (s - c) * inverse_[static_cast<std::size_t>(i)];
    const double series =
        r - r * r * (1.0 / 2 - r * (1.0 / 3 - r * (1.0 / 4 - r * (1.0 / 5 - r * (1.0 / 6 - r * (1.0 / 7))))));
    return log_[static_cast<std::size_t>(i)] + series;
  }

 private:
  static constexpr int kStepBits = 7;
  static constexpr int kSteps = 1 << kStepBits;
  static constexpr double kLn2 = 0.693147180559945309417;
  // ln2 / 128 in two parts; the first has 20 zero bits at its end, so that its multiples are exact.
  static constexpr double kLn2High = 0x1.62e42fefap-8;
  static constexpr double kLn2Low = 0x1.cf79abc9e3b39803p-47;

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

  std::array<double, kSteps> power_{};
  std::array<double, 2 * kSteps + 1> log_{};
  std::array<double, 2 * kSteps + 1> inverse_{};
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_SMALL_MATH_HPP_
