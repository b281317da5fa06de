// The kernels for AVX-512.
#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 is wrong about its own intrinsics, whose don't-care operand is initialised with itself.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include "infer/native/kernel_tables.hpp"
#include "infer/native/make_kernels.hpp"
#include "infer/native/vector_avx512.hpp"

namespace musclemap::infer::native {

const Kernels& avx512_kernels() {
  static constexpr Kernels kTable = make_kernels<Avx512Vector>();
  return kTable;
}

}  // namespace musclemap::infer::native
