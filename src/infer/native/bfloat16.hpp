// bfloat16: the upper half of a float.
#ifndef MUSCLEMAP_INFER_NATIVE_BFLOAT16_HPP_
#define MUSCLEMAP_INFER_NATIVE_BFLOAT16_HPP_

#include <cstdint>

namespace musclemap::infer::native {

/// To nearest, ties to even. Inlined for the reason of Map::block(), as are the others.
__attribute__((always_inline)) inline std::uint16_t to_bfloat16(float x) {
  std::uint32_t bits = 0;
  __builtin_memcpy(&bits, &x, sizeof bits);
  if (x != x) return static_cast<std::uint16_t>(bits >> 16U | 0x40U);
  return static_cast<std::uint16_t>((bits + 0x7fffU + (bits >> 16U & 1U)) >> 16U);
}

__attribute__((always_inline)) inline float from_bfloat16(std::uint16_t x) {
  const std::uint32_t bits = static_cast<std::uint32_t>(x) << 16U;
  float value = 0;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

/// x = high + low, nearly.
__attribute__((always_inline)) inline void split_float(float x, std::uint16_t* high, std::uint16_t* low) {
  *high = to_bfloat16(x);
  *low = to_bfloat16(x - from_bfloat16(*high));
}

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_BFLOAT16_HPP_
