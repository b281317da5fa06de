// The vector of AVX-512 on machines that also have tiles of bfloat16.
#ifndef MUSCLEMAP_INFER_NATIVE_VECTOR_AMX_HPP_
#define MUSCLEMAP_INFER_NATIVE_VECTOR_AMX_HPP_

#include "infer/native/vector_avx512.hpp"

namespace musclemap::infer::native {

using AmxVector = BasicAvx512Vector<struct WithAmx>;

/// x = high + low, nearly, 16 bfloat16 numbers each.
template <class Kind>
void split(const BasicAvx512Vector<Kind>& x, float* high, float* low) {
  const auto upper = reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(x.v));
  const __m512 rounded = _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(upper), 16));
  _mm256_store_si256(reinterpret_cast<__m256i*>(high), upper);
  _mm256_store_si256(reinterpret_cast<__m256i*>(low),
                     reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(_mm512_sub_ps(x.v, rounded))));
}

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_VECTOR_AMX_HPP_
