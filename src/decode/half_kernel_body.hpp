// The arithmetic of half_kernels.hpp, compiled once for each instruction set. Everything has internal linkage
// and nothing of the standard library is called: a function shared with other files could come from the wrong
// instruction set.
#ifndef MUSCLEMAP_DECODE_HALF_KERNEL_BODY_HPP_
#define MUSCLEMAP_DECODE_HALF_KERNEL_BODY_HPP_

#include <cstdint>

#include "decode/half_kernels.hpp"

namespace musclemap::decode {
namespace {

// Halves, and what stands for them below. The compiler cuts these into what the instruction set has.
constexpr int kShorts = 32;
using Shorts = std::int16_t __attribute__((vector_size(2 * kShorts)));

constexpr std::int16_t kLowestKey = -0x7c01;  // of minus infinity

// Integers of the order of the halves: those of negative numbers count downwards, both zeros are 0, and what
// is no number is below minus infinity.
inline void make_keys(const Shorts& halves, Shorts& keys) {
  const Shorts size = halves & 0x7fff;
  keys = halves < 0 ? -size : size;
  keys = size > 0x7c00 ? Shorts{} + static_cast<std::int16_t>(-0x7fff) : keys;
}

// One class more for the pixels of a vector.
inline void take_class(const std::uint16_t* scores, std::int16_t c, std::int16_t* best, std::uint16_t* out) {
  Shorts halves;
  Shorts keys;
  Shorts top;
  Shorts classes;
  __builtin_memcpy(&halves, scores, sizeof halves);
  __builtin_memcpy(&top, best, sizeof top);
  __builtin_memcpy(&classes, out, sizeof classes);
  make_keys(halves, keys);
  const Shorts better = keys > top;
  top = better ? keys : top;
  classes = better ? Shorts{} + c : classes;
  __builtin_memcpy(best, &top, sizeof top);
  __builtin_memcpy(out, &classes, sizeof classes);
}

void best_halves(const std::uint16_t* scores, std::int64_t classes, std::int64_t apart, std::int64_t count,
                 std::uint16_t* classes_out) {
  // So many pixels at once that what is best so far stays in the first cache.
  constexpr std::int64_t kPixels = 64LL * kShorts;
  std::int16_t tops[kPixels];
  std::uint16_t found[kPixels];
  std::uint16_t last[kShorts];
  for (std::int64_t first = 0; first < count; first += kPixels) {
    const std::int64_t here = count - first < kPixels ? count - first : kPixels;
    for (std::int16_t& top : tops) top = kLowestKey;
    for (std::uint16_t& each : found) each = 0;
    for (std::int64_t c = 0; c < classes; ++c) {
      const std::uint16_t* row = scores + c * apart + first;
      std::int64_t i = 0;
      for (; i + kShorts <= here; i += kShorts) {
        take_class(row + i, static_cast<std::int16_t>(c), tops + i, found + i);
      }
      if (i == here) continue;
      for (std::int64_t n = 0; n < kShorts; ++n) last[n] = i + n < here ? row[i + n] : 0;
      take_class(last, static_cast<std::int16_t>(c), tops + i, found + i);
    }
    for (std::int64_t i = 0; i < here; ++i) classes_out[first + i] = found[i];
  }
}

}  // namespace
}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_HALF_KERNEL_BODY_HPP_
