#include "decode/half_kernels.hpp"

#include "base/half.hpp"
#include "decode/half_kernel_body.hpp"

namespace musclemap::decode {
namespace {

void to_floats(const std::uint16_t* halves, std::int64_t count, float* floats) {
  for (std::int64_t i = 0; i < count; ++i) floats[i] = base::half_to_float(halves[i]);
}

}  // namespace

const HalfKernels& portable_half_kernels() {
  static constexpr HalfKernels kTable{best_halves, to_floats};
  return kTable;
}

const HalfKernels& half_kernels_for(base::Isa isa) {
#ifdef MUSCLEMAP_X86_KERNELS
  if (isa == base::Isa::avx2) return avx2_half_kernels();
  if (isa >= base::Isa::avx512) return avx512_half_kernels();
#endif
  static_cast<void>(isa);
  return portable_half_kernels();
}

}  // namespace musclemap::decode
