// The kernels for any machine.
#include "infer/native/convolution.hpp"
#include "infer/native/kernel_tables.hpp"
#include "infer/native/vector_portable.hpp"

namespace musclemap::infer::native {

const Kernels& portable_kernels() {
  static constexpr Kernels kTable = make_kernels<PortableVector>();
  return kTable;
}

}  // namespace musclemap::infer::native
