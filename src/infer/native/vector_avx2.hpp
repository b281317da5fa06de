// Sixteen floats in two AVX2 registers.
#ifndef MUSCLEMAP_INFER_NATIVE_VECTOR_AVX2_HPP_
#define MUSCLEMAP_INFER_NATIVE_VECTOR_AVX2_HPP_

#include <immintrin.h>

namespace musclemap::infer::native {

struct Avx2Vector {
  static constexpr int kBlocksAtOnce = 1;  // 6 x 2 sums, 2 weights and an input: 15 of 16 registers
  static constexpr int kSums = 6;

  __m256 low;
  __m256 high;

  static Avx2Vector load(const float* p) { return {_mm256_load_ps(p), _mm256_load_ps(p + 8)}; }
  static Avx2Vector all(float x) {
    const __m256 both = _mm256_set1_ps(x);
    return {both, both};
  }
  static Avx2Vector all(double x) { return all(static_cast<float>(x)); }
  static Avx2Vector zero() { return {_mm256_setzero_ps(), _mm256_setzero_ps()}; }
  void store(float* p) const {
    _mm256_store_ps(p, low);
    _mm256_store_ps(p + 8, high);
  }
  /// Without reading what it replaces, and past the caches.
  void stream(float* p) const {
    _mm256_stream_ps(p, low);
    _mm256_stream_ps(p + 8, high);
  }
  static void end_streams() { _mm_sfence(); }
  /// a * b + c, rounded once.
  static Avx2Vector madd(Avx2Vector a, Avx2Vector b, Avx2Vector c) {
    return {_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)};
  }
  /// c - a * b
  static Avx2Vector nmadd(Avx2Vector a, Avx2Vector b, Avx2Vector c) {
    return {_mm256_fnmadd_ps(a.low, b.low, c.low), _mm256_fnmadd_ps(a.high, b.high, c.high)};
  }
  static Avx2Vector max(Avx2Vector a, Avx2Vector b) {
    return {_mm256_max_ps(a.low, b.low), _mm256_max_ps(a.high, b.high)};
  }
  static Avx2Vector min(Avx2Vector a, Avx2Vector b) {
    return {_mm256_min_ps(a.low, b.low), _mm256_min_ps(a.high, b.high)};
  }
  /// Sixteen vectors as the columns of what they were the rows of.
  static void transpose(Avx2Vector (&rows)[16]) {
    __m256 squares[4][8];  // low and high halves of the first eight rows, then of the others
    for (int i = 0; i < 8; ++i) {
      squares[0][i] = rows[i].low;
      squares[1][i] = rows[i].high;
      squares[2][i] = rows[8 + i].low;
      squares[3][i] = rows[8 + i].high;
    }
    for (auto& square : squares) transpose_square(square);
    for (int i = 0; i < 8; ++i) {
      rows[i] = {squares[0][i], squares[2][i]};
      rows[8 + i] = {squares[1][i], squares[3][i]};
    }
  }
  /// sum[i] += this[i]
  void add_to(double* sum) const {
    const __m128 quarters[4] = {_mm256_castps256_ps128(low), _mm256_extractf128_ps(low, 1),
                                _mm256_castps256_ps128(high), _mm256_extractf128_ps(high, 1)};
    for (const __m128 quarter : quarters) {
      _mm256_storeu_pd(sum, _mm256_add_pd(_mm256_loadu_pd(sum), _mm256_cvtps_pd(quarter)));
      sum += 4;
    }
  }

 private:
  static void transpose_square(__m256 (&rows)[8]) {
    __m256 pairs[8];
    for (int i = 0; i < 8; i += 2) {
      pairs[i] = _mm256_unpacklo_ps(rows[i], rows[i + 1]);
      pairs[i + 1] = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
    }
    __m256 fours[8];
    for (int i = 0; i < 8; i += 4) {
      for (int k = 0; k < 2; ++k) {
        const __m256d low = _mm256_castps_pd(pairs[i + k]);
        const __m256d high = _mm256_castps_pd(pairs[i + 2 + k]);
        fours[i + 2 * k] = _mm256_castpd_ps(_mm256_unpacklo_pd(low, high));
        fours[i + 2 * k + 1] = _mm256_castpd_ps(_mm256_unpackhi_pd(low, high));
      }
    }
    for (int k = 0; k < 4; ++k) {
      rows[k] = _mm256_permute2f128_ps(fours[k], fours[4 + k], 0x20);
      rows[4 + k] = _mm256_permute2f128_ps(fours[k], fours[4 + k], 0x31);
    }
  }
};

inline Avx2Vector operator+(Avx2Vector a, Avx2Vector b) {
  return {_mm256_add_ps(a.low, b.low), _mm256_add_ps(a.high, b.high)};
}
inline Avx2Vector operator-(Avx2Vector a, Avx2Vector b) {
  return {_mm256_sub_ps(a.low, b.low), _mm256_sub_ps(a.high, b.high)};
}
inline Avx2Vector operator*(Avx2Vector a, Avx2Vector b) {
  return {_mm256_mul_ps(a.low, b.low), _mm256_mul_ps(a.high, b.high)};
}

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_VECTOR_AVX2_HPP_
