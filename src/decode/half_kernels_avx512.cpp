// The kernels for AVX-512.
#include "decode/half_kernel_f16c.hpp"
#include "decode/half_kernels.hpp"

namespace musclemap::decode {

const HalfKernels& avx512_half_kernels() {
  static constexpr HalfKernels kTable{best_halves, to_floats};
  return kTable;
}

}  // namespace musclemap::decode
