// Random numbers that are the same on every machine: integer arithmetic and exactly rounded operations alone.
#ifndef MUSCLEMAP_EXAMPLES_PHANTOM_RANDOM_HPP_
#define MUSCLEMAP_EXAMPLES_PHANTOM_RANDOM_HPP_

#include <cstdint>

namespace phantom {

/// Scrambles 64 bits (the finaliser of SplitMix64).
constexpr std::uint64_t scramble(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

/// A number of its own for every triple of integers.
constexpr std::uint64_t hash(std::uint64_t seed, std::int64_t a, std::int64_t b, std::int64_t c) {
  std::uint64_t h = scramble(seed ^ static_cast<std::uint64_t>(a));
  h = scramble(h ^ static_cast<std::uint64_t>(b));
  return scramble(h ^ static_cast<std::uint64_t>(c));
}

/// In [0, 1).
constexpr double to_unit(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

/// Close to a standard normal number: twelve 16-bit uniforms (Irwin-Hall), no library function in between.
inline double to_normal(std::uint64_t bits) {
  std::int64_t sum = 0;
  for (int word = 0; word < 3; ++word) {
    for (int shift = 0; shift < 64; shift += 16) sum += static_cast<std::int64_t>((bits >> shift) & 0xFFFF);
    bits = scramble(bits);
  }
  return (static_cast<double>(sum) + 6.0) / 65536.0 - 6.0;
}

/// A sequence of random numbers.
class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0)
      : state_(scramble(seed) ^ scramble(~stream)) {}

  std::uint64_t bits() { return scramble(state_++); }
  double uniform(double low, double high) { return low + (high - low) * to_unit(bits()); }
  double normal(double mean, double deviation) { return mean + deviation * to_normal(bits()); }

 private:
  std::uint64_t state_;
};

}  // namespace phantom

#endif  // MUSCLEMAP_EXAMPLES_PHANTOM_RANDOM_HPP_
