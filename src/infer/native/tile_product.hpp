// The product of split numbers on a unit of eight tile registers, each of 16 rows of 64 bytes.
//
// Registers 0 to 5 hold the sums of up to 3 x 16 tiles and 2 x 16 outputs, 6 a block of inputs (16 tiles x 32
// channels), 7 a block of weights (16 pairs of channels x 16 outputs). `Unit` has, for register numbers known
// at compile time:
//   begin(), end()            the thread uses the unit in between
//   zero<R>()                 R = 0
//   load<R>(from, stride)     R[row] = 64 bytes at from + row * stride
//   dot<R>()                  R[i][j] += sum over k < 16, c < 2 of register 6 [i][k][c] * 7 [k][j][c]
//   store<R>(to, stride)      the reverse of load
#ifndef MUSCLEMAP_INFER_NATIVE_TILE_PRODUCT_HPP_
#define MUSCLEMAP_INFER_NATIVE_TILE_PRODUCT_HPP_

#include "infer/native/kernels.hpp"

namespace musclemap::infer::native {

template <class Unit>
class TileProduct {
 public:
  static void multiply(const ProductCall& call) {
    Unit::begin();
    multiply_all(call);
    Unit::end();
  }

  static void multiply_depth(const DepthProductCall& call) {
    ProductCall product;
    product.input_stride = call.input_stride;
    product.input_blocks = call.input_blocks;
    product.output_blocks = call.output_blocks;
    product.tiles = call.tiles;
    product.frequencies = 1;
    const std::int64_t matrix = call.input_blocks * kLanes * call.output_blocks * kLanes;
    Unit::begin();
    for (int f = 0; f < call.frequencies; ++f) {
      product.inputs[0] = call.inputs + f * call.frequency_inputs;
      product.weights = call.weights + (f < call.matrices ? f : call.matrices - 1) * matrix;
      product.products[0] = call.products + f * call.frequency_products;
      multiply_all(product);
    }
    Unit::end();
  }

 private:
  static void multiply_all(const ProductCall& call) {
    for (int f = 0; f < call.frequencies; ++f) {
      for (int tile = 0; tile < call.tiles; tile += 3 * kRows) {
        const int left = (call.tiles - tile + kRows - 1) / kRows;
        for (int block = 0; block < call.output_blocks; block += 2) {
          const bool two = block + 1 < call.output_blocks;
          if (left >= 3) {
            two ? sum<3, 2>(call, f, tile, block) : sum<3, 1>(call, f, tile, block);
          } else if (left == 2) {
            two ? sum<2, 2>(call, f, tile, block) : sum<2, 1>(call, f, tile, block);
          } else {
            two ? sum<1, 2>(call, f, tile, block) : sum<1, 1>(call, f, tile, block);
          }
        }
      }
    }
  }

  static constexpr int kRows = 16;
  static constexpr std::int64_t kRowBytes = 64;
  static constexpr int kInputs = 6;
  static constexpr int kWeights = 7;

  // T times 16 tiles from `tile` on; the last 16 may be some of those before again, as a call has at
  // least 16.
  template <int T, int N>
  static void sum(const ProductCall& call, int frequency, int tile, int block) {
    const std::int64_t width = call.output_blocks * kLanes;
    const std::int64_t weight_bytes = width * 2 * 2;
    std::int64_t rows[T];
    for (int t = 0; t < T; ++t) {
      const int first = tile + t * kRows;
      rows[t] = (first + kRows <= call.tiles ? first : call.tiles - kRows) * kLanes;
    }
    zero<T, N>();
    for (std::int64_t pair = 0; pair < call.input_blocks / 2; ++pair) {
      const float* high = call.inputs[frequency] + 2 * pair * call.input_stride;
      const float* low = high + call.input_stride;
      const float* weights = call.weights + 2 * pair * kLanes * width + block * kLanes;
      const float* low_weights = weights + kLanes * width;
      add<T, 0>(high, low, rows, weights, low_weights, weight_bytes);
      if constexpr (N > 1) {
        add<T, 1>(high, low, rows, weights + kLanes, low_weights + kLanes, weight_bytes);
      }
    }
    float* products = call.products[frequency] + block * kLanes;
    const std::int64_t scale = width / kLanes;
    store<T, 0>(products, rows, scale);
    if constexpr (N > 1) store<T, 1>(products + kLanes, rows, scale);
  }

  template <int T, int N>
  static void zero() {
    Unit::template zero<0>();
    if constexpr (T > 1) Unit::template zero<1>();
    if constexpr (T > 2) Unit::template zero<2>();
    if constexpr (N > 1) {
      Unit::template zero<3>();
      if constexpr (T > 1) Unit::template zero<4>();
      if constexpr (T > 2) Unit::template zero<5>();
    }
  }

  // high high + low high, then high low, for output block N of the two.
  template <int T, int N>
  static void add(const float* high, const float* low, const std::int64_t (&rows)[T], const float* weights,
                  const float* low_weights, std::int64_t weight_bytes) {
    Unit::template load<kWeights>(weights, weight_bytes);
    multiply_inputs<T, N>(high, rows);
    multiply_inputs<T, N>(low, rows);
    Unit::template load<kWeights>(low_weights, weight_bytes);
    multiply_inputs<T, N>(high, rows);
  }

  template <int T, int N>
  static void multiply_inputs(const float* inputs, const std::int64_t (&rows)[T]) {
    Unit::template load<kInputs>(inputs + rows[0], kRowBytes);
    Unit::template dot<3 * N>();
    if constexpr (T > 1) {
      Unit::template load<kInputs>(inputs + rows[1], kRowBytes);
      Unit::template dot<3 * N + 1>();
    }
    if constexpr (T > 2) {
      Unit::template load<kInputs>(inputs + rows[2], kRowBytes);
      Unit::template dot<3 * N + 2>();
    }
  }

  template <int T, int N>
  static void store(float* products, const std::int64_t (&rows)[T], std::int64_t scale) {
    const std::int64_t bytes = scale * kRowBytes;
    Unit::template store<3 * N>(products + rows[0] * scale, bytes);
    if constexpr (T > 1) Unit::template store<3 * N + 1>(products + rows[1] * scale, bytes);
    if constexpr (T > 2) Unit::template store<3 * N + 2>(products + rows[2] * scale, bytes);
  }
};

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_TILE_PRODUCT_HPP_
