// The table of one instruction set.
#ifndef MUSCLEMAP_INFER_NATIVE_MAKE_KERNELS_HPP_
#define MUSCLEMAP_INFER_NATIVE_MAKE_KERNELS_HPP_

#include "infer/native/convolution.hpp"
#include "infer/native/gather.hpp"
#include "infer/native/map_kernels.hpp"

namespace musclemap::infer::native {

template <class V>
constexpr Kernels make_kernels() {
  return {
      {transform_input<V, Winograd4>, transform_input<V, Winograd2>, transform_input<V, Down2>,
       transform_input<V, Up2>, transform_input<V, Pointwise>, gather_map<V>, gather_image<V>},
      multiply<V>,
      {store_output<V, Winograd4>, store_output<V, Winograd2>, store_output<V, Down2>, store_output<V, Up2>,
       store_output<V, Pointwise>, store_output<V, Pointwise>, store_output<V, Pointwise>},
      store_lattice<V>,
      {blend_output<V, Winograd4>, blend_output<V, Winograd2>, blend_output<V, Down2>, blend_output<V, Up2>,
       blend_output<V, Pointwise>, blend_output<V, Pointwise>, blend_output<V, Pointwise>},
      combine<V>,
      measure<V>,
      pool<V, false>,
      pool<V, true>,
      repeat<V>,
      add_taps<V>,
      {},
      nullptr};
}

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_MAKE_KERNELS_HPP_
