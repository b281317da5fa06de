// The kernels for AVX-512.
#include <immintrin.h>

#include "decode/half_kernel_body.hpp"
#include "decode/half_kernels.hpp"

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

const HalfKernels& avx512_half_kernels() {
  static constexpr HalfKernels kTable{best_halves, to_floats};
  return kTable;
}

}  // namespace musclemap::decode
