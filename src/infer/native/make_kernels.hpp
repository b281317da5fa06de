// The table of one instruction set.
#ifndef MUSCLEMAP_INFER_NATIVE_MAKE_KERNELS_HPP_
#define MUSCLEMAP_INFER_NATIVE_MAKE_KERNELS_HPP_

#include "infer/native/convolution.hpp"
#include "infer/native/gather.hpp"
#include "infer/native/map_kernels.hpp"

namespace musclemap::infer::native {

template <class V>
constexpr Kernels make_kernels() {
  Kernels table{};
  const auto add = [&](Scheme scheme, auto transform) {
    using S = decltype(transform);
    const auto at = static_cast<int>(scheme);
    table.input[at] = transform_input<V, S>;
    table.depth_input[at] = depth_input<V, S>;
    table.depth_output[at] = depth_output<V, S>;
    table.store[at] = store_output<V, S>;
    table.blend[at] = blend_output<V, S>;
  };
  add(Scheme::winograd4, Winograd4{});
  add(Scheme::winograd2, Winograd2{});
  add(Scheme::down2, Down2{});
  add(Scheme::down4, Down4{});
  add(Scheme::up2, Up2{});
  for (const Scheme scheme : {Scheme::pointwise, Scheme::taps, Scheme::image}) add(scheme, Pointwise{});
  table.input[static_cast<int>(Scheme::taps)] = gather_map<V>;
  table.input[static_cast<int>(Scheme::image)] = nullptr;
  table.image = convolve_image<V>;
  table.multiply = multiply<V>;
  table.multiply_depth = multiply_depth<V>;
  table.store_lattice = store_lattice<V>;
  table.combine = combine<V>;
  table.measure = measure<V>;
  table.turn = turn<V>;
  table.add_row_bias = add_row_bias<V>;
  table.pool_max = pool<V, false>;
  table.pool_mean = pool<V, true>;
  table.repeat = repeat<V>;
  table.add_taps = add_taps<V>;
  return table;
}

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_MAKE_KERNELS_HPP_
