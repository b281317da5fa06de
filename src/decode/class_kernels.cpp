#include "decode/class_kernels.hpp"

#include "decode/class_kernel_body.hpp"
#include "decode/class_row_body.hpp"

namespace musclemap::decode {

const ClassKernels& portable_class_kernels() {
  static constexpr ClassKernels kTable{best_sum, clear_row, best_half_sum, best_score};
  return kTable;
}

const ClassKernels& class_kernels_for(base::Isa isa) {
#ifdef MUSCLEMAP_X86_KERNELS
  if (isa == base::Isa::avx2) return avx2_class_kernels();
  if (isa >= base::Isa::avx512) return avx512_class_kernels();
#endif
  static_cast<void>(isa);
  return portable_class_kernels();
}

}  // namespace musclemap::decode
