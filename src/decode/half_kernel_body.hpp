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

// `Count` classes more, from c on, for the pixels of a vector: `scores` and, `apart` further on, those of the
// next class.
template <int Count>
inline void take_classes(const std::uint16_t* scores, std::int64_t apart, std::int16_t c, std::int16_t* best,
                         std::uint16_t* out) {
  Shorts halves;
  Shorts keys;
  Shorts higher;
  __builtin_memcpy(&halves, scores, sizeof halves);
  make_keys(halves, higher);
  Shorts which = Shorts{} + c;
  for (int n = 1; n < Count; ++n) {
    __builtin_memcpy(&halves, scores + n * apart, sizeof halves);
    make_keys(halves, keys);
    const Shorts better = keys > higher;
    higher = better ? keys : higher;
    which = better ? Shorts{} + static_cast<std::int16_t>(c + n) : which;
  }
  Shorts top;
  Shorts classes;
  __builtin_memcpy(&top, best, sizeof top);
  __builtin_memcpy(&classes, out, sizeof classes);
  const Shorts better = higher > top;
  top = better ? higher : top;
  classes = better ? which : classes;
  __builtin_memcpy(best, &top, sizeof top);
  __builtin_memcpy(out, &classes, sizeof classes);
}

// The same for a row of pixels; memory is asked for the next classes ahead, for no processor foresees them.
template <int Count>
inline void take_row(const std::uint16_t* scores, std::int64_t apart, std::int64_t count, std::int16_t c,
                     std::int16_t* best, std::uint16_t* out) {
  std::int64_t i = 0;
  for (; i + kShorts <= count; i += kShorts) {
    for (int n = 0; n < Count; ++n) __builtin_prefetch(scores + (Count + n) * apart + i);
    take_classes<Count>(scores + i, apart, c, best + i, out + i);
  }
  if (i == count) return;
  std::uint16_t last[Count * kShorts];
  for (std::int64_t n = 0; n < Count; ++n) {
    for (std::int64_t p = 0; p < kShorts; ++p) {
      last[n * kShorts + p] = i + p < count ? scores[n * apart + i + p] : 0;
    }
  }
  take_classes<Count>(last, kShorts, c, best + i, out + i);
}

void best_halves(const std::uint16_t* scores, std::int64_t classes, std::int64_t apart, std::int64_t count,
                 std::uint16_t* classes_out) {
  // So many pixels at once that what is best so far stays in the first cache.
  constexpr std::int64_t kPixels = 64LL * kShorts;
  constexpr int kTogether = 4;
  std::int16_t tops[kPixels];
  std::uint16_t found[kPixels];
  for (std::int64_t first = 0; first < count; first += kPixels) {
    const std::int64_t here = count - first < kPixels ? count - first : kPixels;
    for (std::int16_t& top : tops) top = kLowestKey;
    for (std::uint16_t& each : found) each = 0;
    std::int64_t c = 0;
    for (; c + kTogether <= classes; c += kTogether) {
      take_row<kTogether>(scores + c * apart + first, apart, here, static_cast<std::int16_t>(c), tops, found);
    }
    for (; c < classes; ++c) {
      take_row<1>(scores + c * apart + first, apart, here, static_cast<std::int16_t>(c), tops, found);
    }
    for (std::int64_t i = 0; i < here; ++i) classes_out[first + i] = found[i];
  }
}

}  // namespace
}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_HALF_KERNEL_BODY_HPP_
