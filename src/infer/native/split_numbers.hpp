// Input transforms to split numbers (kernels.hpp), for any vector type V with a function
// split(V, float* high, float* low).
#ifndef MUSCLEMAP_INFER_NATIVE_SPLIT_NUMBERS_HPP_
#define MUSCLEMAP_INFER_NATIVE_SPLIT_NUMBERS_HPP_

#include "infer/native/convolution.hpp"
#include "infer/native/gather.hpp"

namespace musclemap::infer::native {

/// Transformed inputs as split numbers.
template <class V>
struct SplitNumbers {
  static std::int64_t offset(int block, int tile_stride) {
    return static_cast<std::int64_t>(block / 2 * 2) * tile_stride * kLanes + block % 2 * kLanes / 2;
  }
  /// 16 high parts at `to`, the low ones a tile_stride further on.
  static void store(const V& x, float* to, int tile_stride) {
    split(x, to, to + static_cast<std::int64_t>(tile_stride) * kLanes);
  }
};

/// `table` with the input transforms of V, and the products `Product`, one of TileProduct.
template <class V, class Product>
constexpr Kernels with_split(Kernels table) {
  using Numbers = SplitNumbers<V>;
  const auto add = [&](Scheme scheme, auto transform) {
    using S = decltype(transform);
    table.input_split[static_cast<int>(scheme)] = transform_input<V, S, Numbers>;
    table.depth_input_split[static_cast<int>(scheme)] = depth_input<V, S, Numbers>;
  };
  add(Scheme::winograd4, Winograd4{});
  add(Scheme::winograd2, Winograd2{});
  add(Scheme::down2, Down2{});
  add(Scheme::down4, Down4{});
  add(Scheme::up2, Up2{});
  add(Scheme::pointwise, Pointwise{});
  table.input_split[static_cast<int>(Scheme::taps)] = gather_map<V, Numbers>;
  table.multiply_split = Product::multiply;
  table.multiply_depth_split = Product::multiply_depth;
  return table;
}

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_SPLIT_NUMBERS_HPP_
