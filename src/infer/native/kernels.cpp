#include "infer/native/kernels.hpp"

#include "infer/native/kernel_tables.hpp"

namespace musclemap::infer::native {

const Kernels& kernels_for(base::Isa isa) {
#ifdef MUSCLEMAP_X86_KERNELS
  if (isa == base::Isa::avx2) return avx2_kernels();
  if (isa == base::Isa::avx512) return avx512_kernels();
#endif
  static_cast<void>(isa);
  return portable_kernels();
}

}  // namespace musclemap::infer::native
