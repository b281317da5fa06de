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
  /// Without reading what it replaces, and past the caches.
  void stream(float* p) const { _mm512_stream_ps(p, v); }
  static void end_streams() { _mm_sfence(); }
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
  /// Sixteen vectors as the columns of what they were the rows of: pairs of rows, then of pairs, first within
  /// quarters of a register and then between them.
  static void transpose(BasicAvx512Vector (&rows)[16]) {
    __m512 pairs[16];
    for (int i = 0; i < 16; i += 2) {
      pairs[i] = _mm512_unpacklo_ps(rows[i].v, rows[i + 1].v);
      pairs[i + 1] = _mm512_unpackhi_ps(rows[i].v, rows[i + 1].v);
    }
    __m512 fours[16];
    for (int i = 0; i < 16; i += 4) {
      for (int k = 0; k < 2; ++k) {
        const __m512d low = _mm512_castps_pd(pairs[i + k]);
        const __m512d high = _mm512_castps_pd(pairs[i + 2 + k]);
        fours[i + 2 * k] = _mm512_castpd_ps(_mm512_unpacklo_pd(low, high));
        fours[i + 2 * k + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(low, high));
      }
    }
    for (int k = 0; k < 4; ++k) {
      const __m512 even_low = _mm512_shuffle_f32x4(fours[k], fours[4 + k], 0x88);
      const __m512 odd_low = _mm512_shuffle_f32x4(fours[k], fours[4 + k], 0xdd);
      const __m512 even_high = _mm512_shuffle_f32x4(fours[8 + k], fours[12 + k], 0x88);
      const __m512 odd_high = _mm512_shuffle_f32x4(fours[8 + k], fours[12 + k], 0xdd);
      rows[k].v = _mm512_shuffle_f32x4(even_low, even_high, 0x88);
      rows[4 + k].v = _mm512_shuffle_f32x4(odd_low, odd_high, 0x88);
      rows[8 + k].v = _mm512_shuffle_f32x4(even_low, even_high, 0xdd);
      rows[12 + k].v = _mm512_shuffle_f32x4(odd_low, odd_high, 0xdd);
    }
  }
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
