#include "image/class_kernels.hpp"

#include "image/class_kernel_body.hpp"

namespace musclemap::image {

const ClassKernels& portable_class_kernels() {
  static constexpr ClassKernels kTable{"portable", best_sum, best_score};
  return kTable;
}

#ifndef MUSCLEMAP_X86_KERNELS
const ClassKernels* avx2_class_kernels() { return nullptr; }
const ClassKernels* avx512_class_kernels() { return nullptr; }
#endif

const ClassKernels& class_kernels() {
  static const ClassKernels& fastest = [&]() -> const ClassKernels& {
    if (const ClassKernels* wide = avx512_class_kernels()) return *wide;
    if (const ClassKernels* wide = avx2_class_kernels()) return *wide;
    return portable_class_kernels();
  }();
  return fastest;
}

}  // namespace musclemap::image
