// The kernels for AVX2 and FMA.
#include "infer/native/kernel_tables.hpp"
#include "infer/native/make_kernels.hpp"
#include "infer/native/vector_avx2.hpp"

namespace musclemap::infer::native {

const Kernels& avx2_kernels() {
  static constexpr Kernels kTable = make_kernels<Avx2Vector>();
  return kTable;
}

}  // namespace musclemap::infer::native
