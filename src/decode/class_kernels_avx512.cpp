// The kernels for AVX-512.
#include "decode/class_kernel_body.hpp"
#include "decode/class_kernels.hpp"
#include "decode/class_row_body.hpp"

namespace musclemap::decode {

const ClassKernels& avx512_class_kernels() {
  static constexpr ClassKernels kTable{best_sum, clear_row, best_half_sum, best_score};
  return kTable;
}

}  // namespace musclemap::decode
