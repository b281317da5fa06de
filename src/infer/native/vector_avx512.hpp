// Sixteen floats in an AVX-512 register.
#ifndef MUSCLEMAP_INFER_NATIVE_VECTOR_AVX512_HPP_
#define MUSCLEMAP_INFER_NATIVE_VECTOR_AVX512_HPP_

#include <immintrin.h>

namespace musclemap::infer::native {

/// `Kind` keeps apart what is compiled with different instructions.
template <class Kind>
struct BasicAvx512Vector {
  static constexpr int kBlocksAtOnce = 4;  // 6 x 4 sums, 4 weights and an input: 29 of 32 registers
  static constexpr int kSums = 24;

  __m512 v;

  static BasicAvx512Vector load(const float* p) { return {_mm512_load_ps(p)}; }
  static BasicAvx512Vector all(float x) { return {_mm512_set1_ps(x)}; }
  static BasicAvx512Vector all(double x) { return all(static_cast<float>(x)); }
  static BasicAvx512Vector zero() { return {_mm512_setzero_ps()}; }
  void store(float* p) const { _mm512_store_ps(p, v); }
  /// a * b + c, rounded once.
  static BasicAvx512Vector madd(BasicAvx512Vector a, BasicAvx512Vector b, BasicAvx512Vector c) {
    return {_mm512_fmadd_ps(a.v, b.v, c.v)};
  }
  /// c - a * b
  static BasicAvx512Vector nmadd(BasicAvx512Vector a, BasicAvx512Vector b, BasicAvx512Vector c) {
    return {_mm512_fnmadd_ps(a.v, b.v, c.v)};
  }
  static BasicAvx512Vector max(BasicAvx512Vector a, BasicAvx512Vector b) { return {_mm512_max_ps(a.v, b.v)}; }
  static BasicAvx512Vector min(BasicAvx512Vector a, BasicAvx512Vector b) { return {_mm512_min_ps(a.v, b.v)}; }
  /// sum[i] += this[i]
  void add_to(double* sum) const {
    const __m512d low = _mm512_cvtps_pd(_mm512_castps512_ps256(v));
    const __m512d high = _mm512_cvtps_pd(_mm512_extractf32x8_ps(v, 1));
    _mm512_storeu_pd(sum, _mm512_add_pd(_mm512_loadu_pd(sum), low));
    _mm512_storeu_pd(sum + 8, _mm512_add_pd(_mm512_loadu_pd(sum + 8), high));
  }
};

template <class Kind>
BasicAvx512Vector<Kind> operator+(BasicAvx512Vector<Kind> a, BasicAvx512Vector<Kind> b) {
  return {_mm512_add_ps(a.v, b.v)};
}
template <class Kind>
BasicAvx512Vector<Kind> operator-(BasicAvx512Vector<Kind> a, BasicAvx512Vector<Kind> b) {
  return {_mm512_sub_ps(a.v, b.v)};
}
template <class Kind>
BasicAvx512Vector<Kind> operator*(BasicAvx512Vector<Kind> a, BasicAvx512Vector<Kind> b) {
  return {_mm512_mul_ps(a.v, b.v)};
}

using Avx512Vector = BasicAvx512Vector<struct PlainAvx512>;

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_VECTOR_AVX512_HPP_
