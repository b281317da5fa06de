// The kernels for AVX-512.
#include "infer/native/convolution.hpp"
#include "infer/native/isa_tables.hpp"
#include "infer/native/vector_avx512.hpp"

namespace musclemap::infer::native {

const Kernels& avx512_kernels() {
  static constexpr Kernels kTable = make_kernels<Avx512Vector>("avx512");
  return kTable;
}

}  // namespace musclemap::infer::native
