#include "infer/volume_kernels.hpp"

#include "base/half.hpp"
#include "infer/volume_kernel_body.hpp"

namespace musclemap::infer {
namespace {

// One number: what vectors are compared with.
struct PlainNumber {
  static constexpr int kSize = 1;

  float v;

  static PlainNumber load_halves(const std::uint16_t* p) { return {base::half_to_float(*p)}; }
  static PlainNumber load(const float* p) { return {*p}; }
  static PlainNumber all(float x) { return {x}; }
  void store_halves(std::uint16_t* p) const { *p = base::float_to_half(v); }
  friend PlainNumber operator+(const PlainNumber& a, const PlainNumber& b) { return {a.v + b.v}; }
  friend PlainNumber operator*(const PlainNumber& a, const PlainNumber& b) { return {a.v * b.v}; }
  friend PlainNumber operator/(const PlainNumber& a, const PlainNumber& b) { return {a.v / b.v}; }
};

}  // namespace

const VolumeKernels& portable_volume_kernels() { return kVolumeKernels<PlainNumber>; }

const VolumeKernels& volume_kernels_for(base::Isa isa) {
#ifdef MUSCLEMAP_X86_KERNELS
  if (isa == base::Isa::avx2) return avx2_volume_kernels();
  if (isa >= base::Isa::avx512) return avx512_volume_kernels();
#endif
  static_cast<void>(isa);
  return portable_volume_kernels();
}

}  // namespace musclemap::infer
