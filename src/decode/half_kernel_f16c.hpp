// half_kernel_body.hpp and what processors with F16C convert, compiled once for each instruction set.
#ifndef MUSCLEMAP_DECODE_HALF_KERNEL_F16C_HPP_
#define MUSCLEMAP_DECODE_HALF_KERNEL_F16C_HPP_

#include <immintrin.h>

#include "decode/half_kernel_body.hpp"

namespace musclemap::decode {
namespace {

void to_floats(const std::uint16_t* halves, std::int64_t count, float* floats) {
  constexpr std::int64_t kSize = 8;
  std::int64_t i = 0;
  for (; i + kSize <= count; i += kSize) {
    const __m128i eight = _mm_loadu_si128(reinterpret_cast<const __m128i*>(halves + i));
    _mm256_storeu_ps(floats + i, _mm256_cvtph_ps(eight));
  }
  for (; i < count; ++i) floats[i] = _cvtsh_ss(halves[i]);
}

}  // namespace
}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_HALF_KERNEL_F16C_HPP_
