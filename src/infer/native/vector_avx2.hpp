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
  /// sum[i] += this[i]
  void add_to(double* sum) const {
    const __m128 quarters[4] = {_mm256_castps256_ps128(low), _mm256_extractf128_ps(low, 1),
                                _mm256_castps256_ps128(high), _mm256_extractf128_ps(high, 1)};
    for (const __m128 quarter : quarters) {
      _mm256_storeu_pd(sum, _mm256_add_pd(_mm256_loadu_pd(sum), _mm256_cvtps_pd(quarter)));
      sum += 4;
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
