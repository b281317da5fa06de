// The kernels for AVX2 with F16C.
#include "decode/half_kernel_f16c.hpp"
#include "decode/half_kernels.hpp"

namespace musclemap::decode {

const HalfKernels& avx2_half_kernels() {
  static constexpr HalfKernels kTable{best_halves, to_floats};
  return kTable;
}

}  // namespace musclemap::decode
