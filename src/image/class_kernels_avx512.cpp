// The kernels for AVX-512.
#include "image/class_kernel_body.hpp"
#include "image/class_kernels.hpp"

namespace musclemap::image {

const ClassKernels* avx512_class_kernels() {
  static constexpr ClassKernels kTable{"avx512", best_sum, best_score};
  return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
                 __builtin_cpu_supports("avx512vl") != 0
             ? &kTable
             : nullptr;
}

}  // namespace musclemap::image
