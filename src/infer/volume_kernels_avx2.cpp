// The kernels for AVX2 with F16C.
#include <immintrin.h>

#include "infer/volume_kernel_body.hpp"
#include "infer/volume_kernels.hpp"

namespace musclemap::infer {
namespace {

struct EightHalves {
  static constexpr int kSize = 8;

  __m256 v;

  static EightHalves load_halves(const std::uint16_t* p) {
    return {_mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)))};
  }
  static EightHalves load(const float* p) { return {_mm256_loadu_ps(p)}; }
  static EightHalves all(float x) { return {_mm256_set1_ps(x)}; }
  void store_halves(std::uint16_t* p) const {
    constexpr int kNearestEven = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_cvtps_ph(v, kNearestEven));
  }
  friend EightHalves operator+(const EightHalves& a, const EightHalves& b) {
    return {_mm256_add_ps(a.v, b.v)};
  }
  friend EightHalves operator*(const EightHalves& a, const EightHalves& b) {
    return {_mm256_mul_ps(a.v, b.v)};
  }
  friend EightHalves operator/(const EightHalves& a, const EightHalves& b) {
    return {_mm256_div_ps(a.v, b.v)};
  }
};

}  // namespace

const VolumeKernels& avx2_volume_kernels() { return kVolumeKernels<EightHalves>; }

}  // namespace musclemap::infer
