// The kernels for AVX2.
#include "image/class_kernel_body.hpp"
#include "image/class_kernels.hpp"

namespace musclemap::image {

const ClassKernels* avx2_class_kernels() {
  static constexpr ClassKernels kTable{"avx2", best_sum, best_score};
  return __builtin_cpu_supports("avx2") != 0 ? &kTable : nullptr;
}

}  // namespace musclemap::image
