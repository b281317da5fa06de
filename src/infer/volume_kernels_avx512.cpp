// The kernels for AVX-512.
#include <immintrin.h>

#include "infer/volume_kernel_body.hpp"
#include "infer/volume_kernels.hpp"

namespace musclemap::infer {
namespace {

struct SixteenHalves {
  static constexpr int kSize = 16;

  __m512 v;

  static SixteenHalves load_halves(const std::uint16_t* p) {
    return {_mm512_maskz_cvtph_ps(0xffff, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)))};
  }
  static SixteenHalves load(const float* p) { return {_mm512_loadu_ps(p)}; }
  static SixteenHalves all(float x) { return {_mm512_set1_ps(x)}; }
  void store_halves(std::uint16_t* p) const {
    constexpr int kNearestEven = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_maskz_cvtps_ph(0xffff, v, kNearestEven));
  }
  friend SixteenHalves operator+(const SixteenHalves& a, const SixteenHalves& b) {
    return {_mm512_add_ps(a.v, b.v)};
  }
  friend SixteenHalves operator*(const SixteenHalves& a, const SixteenHalves& b) {
    return {_mm512_mul_ps(a.v, b.v)};
  }
  friend SixteenHalves operator/(const SixteenHalves& a, const SixteenHalves& b) {
    return {_mm512_div_ps(a.v, b.v)};
  }
};

}  // namespace

const VolumeKernels& avx512_volume_kernels() { return kVolumeKernels<SixteenHalves>; }

}  // namespace musclemap::infer
