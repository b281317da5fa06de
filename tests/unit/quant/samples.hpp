// Intensities for the tests of clustering.
#ifndef MUSCLEMAP_TESTS_QUANT_SAMPLES_HPP_
#define MUSCLEMAP_TESTS_QUANT_SAMPLES_HPP_

#include <cmath>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "quant/cluster/distinct_values.hpp"

namespace musclemap::quant {

/// Whether two numbers differ by at most that fraction of the second.
inline bool near(double a, double b, double fraction) { return std::abs(a - b) <= fraction * std::abs(b); }

inline DistinctValues sample(const std::vector<std::pair<double, std::int64_t>>& counts) {
  DistinctValues values;
  for (const auto& [value, count] : counts) {
    values.value.push_back(value);
    values.count.push_back(count);
  }
  return values;
}

/// Magnitudes with noise in both channels, as in MR images: a dark and a bright tissue. Multiples of `step`,
/// or floats where it is 0.
inline DistinctValues mixture_sample(int seed, std::int64_t count, double step) {
  std::mt19937_64 random(static_cast<std::uint64_t>(seed));
  std::normal_distribution<double> noise(0, 20 + seed);
  std::bernoulli_distribution is_fat(0.1 + 0.03 * seed);
  DistinctValuesBuilder builder;
  for (std::int64_t i = 0; i < count; ++i) {
    const double a = (is_fat(random) ? 320 : 110) + noise(random);
    const double magnitude = std::hypot(a, noise(random));
    if (step > 0) {
      const double value = std::round(magnitude / step) * step;
      builder.add(&value, 1, 1);
    } else {
      const auto value = static_cast<float>(magnitude);
      builder.add(&value, 1, 1);
    }
  }
  return builder.take();
}

/// docs/chains/metrics.md, section 14, T3 and T4: 160 voxels.
inline DistinctValues skewed_sample() {
  return sample({{80, 4},
                 {90, 20},
                 {100, 40},
                 {110, 30},
                 {120, 16},
                 {130, 10},
                 {140, 8},
                 {150, 7},
                 {160, 8},
                 {170, 7},
                 {180, 5},
                 {190, 3},
                 {200, 2}});
}

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_TESTS_QUANT_SAMPLES_HPP_
