// The tables that this build holds.
#ifndef MUSCLEMAP_INFER_NATIVE_KERNEL_TABLES_HPP_
#define MUSCLEMAP_INFER_NATIVE_KERNEL_TABLES_HPP_

#include "infer/native/kernels.hpp"

namespace musclemap::infer::native {

const Kernels& portable_kernels();
#ifdef MUSCLEMAP_X86_KERNELS
const Kernels& avx2_kernels();
const Kernels& avx512_kernels();
#endif

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_KERNEL_TABLES_HPP_
