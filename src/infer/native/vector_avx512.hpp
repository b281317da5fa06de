// Sixteen floats in an AVX-512 register.
#ifndef MUSCLEMAP_INFER_NATIVE_VECTOR_AVX512_HPP_
#define MUSCLEMAP_INFER_NATIVE_VECTOR_AVX512_HPP_

#include <immintrin.h>

namespace musclemap::infer::native {

struct Avx512Vector {
  static constexpr int kBlocksAtOnce = 4;  // 6 x 4 sums, 4 weights and an input: 29 of 32 registers
  static constexpr int kSums = 24;

  __m512 v;

  static Avx512Vector load(const float* p) { return {_mm512_load_ps(p)}; }
  static Avx512Vector all(float x) { return {_mm512_set1_ps(x)}; }
  static Avx512Vector all(double x) { return all(static_cast<float>(x)); }
  static Avx512Vector zero() { return {_mm512_setzero_ps()}; }
  void store(float* p) const { _mm512_store_ps(p, v); }
  /// a * b + c, rounded once.
  static Avx512Vector madd(Avx512Vector a, Avx512Vector b, Avx512Vector c) {
    return {_mm512_fmadd_ps(a.v, b.v, c.v)};
  }
  /// c - a * b
  static Avx512Vector nmadd(Avx512Vector a, Avx512Vector b, Avx512Vector c) {
    return {_mm512_fnmadd_ps(a.v, b.v, c.v)};
  }
  static Avx512Vector max(Avx512Vector a, Avx512Vector b) { return {_mm512_max_ps(a.v, b.v)}; }
  static Avx512Vector min(Avx512Vector a, Avx512Vector b) { return {_mm512_min_ps(a.v, b.v)}; }
  /// sum[i] += this[i]
  void add_to(double* sum) const {
    const __m512d low = _mm512_cvtps_pd(_mm512_castps512_ps256(v));
    const __m512d high = _mm512_cvtps_pd(_mm512_extractf32x8_ps(v, 1));
    _mm512_storeu_pd(sum, _mm512_add_pd(_mm512_loadu_pd(sum), low));
    _mm512_storeu_pd(sum + 8, _mm512_add_pd(_mm512_loadu_pd(sum + 8), high));
  }
};

inline Avx512Vector operator+(Avx512Vector a, Avx512Vector b) { return {_mm512_add_ps(a.v, b.v)}; }
inline Avx512Vector operator-(Avx512Vector a, Avx512Vector b) { return {_mm512_sub_ps(a.v, b.v)}; }
inline Avx512Vector operator*(Avx512Vector a, Avx512Vector b) { return {_mm512_mul_ps(a.v, b.v)}; }

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_VECTOR_AVX512_HPP_
