// The kernels for AVX2.
#include "image/class_kernel_body.hpp"
#include "image/class_kernels.hpp"
#include "image/class_row_body.hpp"

namespace musclemap::image {

const ClassKernels& avx2_class_kernels() {
  static constexpr ClassKernels kTable{best_sum, clear_row, best_score};
  return kTable;
}

}  // namespace musclemap::image
