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

/// `table` with the input transforms of V, and `multiply`.
template <class V>
constexpr Kernels with_split(Kernels table, void (*multiply)(const ProductCall& call)) {
  using Numbers = SplitNumbers<V>;
  table.input_split[static_cast<int>(Scheme::winograd4)] = transform_input<V, Winograd4, Numbers>;
  table.input_split[static_cast<int>(Scheme::winograd2)] = transform_input<V, Winograd2, Numbers>;
  table.input_split[static_cast<int>(Scheme::down2)] = transform_input<V, Down2, Numbers>;
  table.input_split[static_cast<int>(Scheme::down4)] = transform_input<V, Down4, Numbers>;
  table.input_split[static_cast<int>(Scheme::up2)] = transform_input<V, Up2, Numbers>;
  table.input_split[static_cast<int>(Scheme::pointwise)] = transform_input<V, Pointwise, Numbers>;
  table.input_split[static_cast<int>(Scheme::taps)] = gather_map<V, Numbers>;
  table.multiply_split = multiply;
  return table;
}

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_SPLIT_NUMBERS_HPP_
