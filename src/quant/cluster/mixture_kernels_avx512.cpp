// The kernels for AVX-512.
#include "quant/cluster/mixture_kernel_body.hpp"
#include "quant/cluster/mixture_kernels.hpp"

namespace musclemap::quant {

const MixtureKernels& avx512_mixture_kernels() {
  static constexpr MixtureKernels kTable{sums_of_mixture, labels_of_mixture};
  return kTable;
}

}  // namespace musclemap::quant
