#include "quant/cluster/mixture_kernels.hpp"

#include "quant/cluster/mixture_kernel_body.hpp"

namespace musclemap::quant {

const MixtureKernels& portable_mixture_kernels() {
  static constexpr MixtureKernels kTable{sums_of_mixture, labels_of_mixture};
  return kTable;
}

const MixtureKernels& mixture_kernels_for(base::Isa isa) {
#ifdef MUSCLEMAP_X86_KERNELS
  if (isa == base::Isa::avx2) return avx2_mixture_kernels();
  if (isa >= base::Isa::avx512) return avx512_mixture_kernels();
#endif
  static_cast<void>(isa);
  return portable_mixture_kernels();
}

}  // namespace musclemap::quant
