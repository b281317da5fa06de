// Convolutions of any kernel and stride as one plain product: the inputs under every tap are gathered first.
// Functions are templates of the vector, as in convolution.hpp.
#ifndef MUSCLEMAP_INFER_NATIVE_GATHER_HPP_
#define MUSCLEMAP_INFER_NATIVE_GATHER_HPP_

#include "infer/native/convolution.hpp"

namespace musclemap::infer::native {

/// Sums of `T` tiles and `N` blocks of outputs over the taps of an image, whose rows lie at `rows`,
/// `row_size` floats each.
template <class V, int T, int N>
inline void multiply_image(const ImageCall& call, const float* rows, std::int64_t row_size,
                           const float* weights, float* products) {
  const std::int64_t width = call.blocks * kLanes;
  const TapGrid& taps = call.taps;
  V sums[T][N];
#pragma GCC unroll 24
  for (int t = 0; t < T; ++t) {
#pragma GCC unroll 4
    for (int n = 0; n < N; ++n) sums[t][n] = V::zero();
  }
  for (int row = 0; row < call.channels * taps.planes * taps.rows; ++row, rows += row_size) {
    for (int column = 0; column < taps.columns; ++column, weights += width) {
      V w[N];
#pragma GCC unroll 4
      for (int n = 0; n < N; ++n) w[n] = V::load(weights + n * kLanes);
#pragma GCC unroll 24
      for (int t = 0; t < T; ++t) {
        const V x = V::all(rows[t * taps.column_step + column]);
#pragma GCC unroll 4
        for (int n = 0; n < N; ++n) sums[t][n] = V::madd(x, w[n], sums[t][n]);
      }
    }
  }
#pragma GCC unroll 24
  for (int t = 0; t < T; ++t) {
#pragma GCC unroll 4
    for (int n = 0; n < N; ++n) sums[t][n].store(products + t * width + n * kLanes);
  }
}

template <class V, int N>
void multiply_image_row(const ImageCall& call, std::int64_t row_size, int tiles, int first, float* products) {
  constexpr int kTiles = V::kSums / N;
  for (int t = 0; t < tiles; t += kTiles) {
    multiply_image<V, kTiles, N>(call, call.rows + std::int64_t{t} * call.taps.column_step, row_size,
                                 call.weights + first * kLanes,
                                 products + (std::int64_t{t} * call.blocks + first) * kLanes);
  }
}

/// The rows of the image that `tiles` outputs from (plane, row, column) on see, zeros around it.
template <class V>
void copy_image_rows(const ImageCall& call, int plane, int row, int column, std::int64_t row_size) {
  const TapGrid& taps = call.taps;
  const Extent& size = call.extent;
  const std::int64_t first = std::int64_t{column} * taps.column_step + taps.first_column;
  const std::int64_t before = first < 0 ? -first : 0;
  const std::int64_t end = first + row_size < size.columns ? first + row_size : size.columns;
  float* to = call.rows;
  for (int c = 0; c < call.channels; ++c) {
    const ScalarActivation activate(call.activation, c);
    for (int p = 0; p < taps.planes; ++p) {
      const int z = plane * taps.plane_step + taps.first_plane + p;
      for (int r = 0; r < taps.rows; ++r, to += row_size) {
        const int y = row * taps.row_step + taps.first_row + r;
        const bool inside = z >= 0 && z < size.planes && y >= 0 && y < size.rows && end > first + before;
        const float* from =
            call.image + ((std::int64_t{c} * size.planes + z) * size.rows + y) * size.columns + first;
        const std::int64_t begin = inside ? before : 0;
        const std::int64_t stop = inside ? end - first : 0;
        for (std::int64_t i = 0; i < begin; ++i) to[i] = 0;
        for (std::int64_t i = begin; i < stop; ++i) to[i] = activate(from[i]);
        for (std::int64_t i = stop; i < row_size; ++i) to[i] = 0;
      }
    }
  }
}

/// Tiles of one row at a time, straight from the image.
template <class V>
void convolve_image(const ImageCall& call) {
  const Tiles& tiles = call.tiles;
  float* products = call.products;
  for (std::int64_t tile = tiles.begin; tile < tiles.begin + tiles.count;) {
    const auto column = static_cast<int>(tile % tiles.columns);
    const std::int64_t row = tile / tiles.columns;
    const std::int64_t left = tiles.begin + tiles.count - tile;
    const auto count = static_cast<int>(left < tiles.columns - column ? left : tiles.columns - column);
    const std::int64_t row_size = std::int64_t{count + kTileUnit} * call.taps.column_step + call.taps.columns;
    copy_image_rows<V>(call, static_cast<int>(row / tiles.rows), static_cast<int>(row % tiles.rows), column,
                       row_size);
    if (V::kBlocksAtOnce == 1 || call.blocks == 1) {
      for (int n = 0; n < call.blocks; ++n) multiply_image_row<V, 1>(call, row_size, count, n, products);
    } else if constexpr (V::kBlocksAtOnce > 1) {
      if (call.blocks == 2) multiply_image_row<V, 2>(call, row_size, count, 0, products);
      if (call.blocks == 3) multiply_image_row<V, 3>(call, row_size, count, 0, products);
      if (call.blocks == 4) multiply_image_row<V, 4>(call, row_size, count, 0, products);
    }
    products += std::int64_t{count} * call.blocks * kLanes;
    tile += count;
  }
}

/// From a blocked map: block k of the product's inputs is block k % blocks under tap k / blocks.
template <class V, class Numbers = WholeNumbers>
void gather_map(const InputCall& call) {
  const Map& map = call.input;
  const TapGrid& grid = call.taps;
  for (int k = call.block_begin; k < call.block_end; ++k) {
    const int block = k % map.blocks;
    const int tap = k / map.blocks;
    const BlockActivation<V> activate(call.activation, block);
    const float* values = map.block(block);
    float* to = call.transformed + Numbers::offset(k, call.tile_stride);
    const int first_plane = grid.first_plane + tap / (grid.rows * grid.columns);
    const int first_row = grid.first_row + tap / grid.columns % grid.rows;
    const int first_column = grid.first_column + tap % grid.columns;
    const std::int64_t line = call.tiles.begin / call.tiles.columns;
    auto plane = static_cast<int>(line / call.tiles.rows);
    auto row = static_cast<int>(line % call.tiles.rows);
    auto column = static_cast<int>(call.tiles.begin % call.tiles.columns);
    for (int t = 0; t < call.tiles.count; ++t, to += kLanes) {
      const int z = plane * grid.plane_step + first_plane;
      const int r = row * grid.row_step + first_row;
      const int c = column * grid.column_step + first_column;
      const bool inside = z >= 0 && r >= 0 && c >= 0 && z < map.planes && r < map.rows && c < map.columns;
      const std::int64_t pixel = (std::int64_t{z} * map.rows + r) * map.columns + c;
      Numbers::store(inside ? activate(V::load(values + pixel * kLanes)) : V::zero(), to, call.tile_stride);
      if (++column < call.tiles.columns) continue;
      column = 0;
      if (++row < call.tiles.rows) continue;
      row = 0;
      ++plane;
    }
  }
}

/// Products of single pixels to pixels that lie apart: one phase of a transposed convolution.
template <class V, bool Stream>
void store_apart(const OutputCall& call) {
  const Map& map = call.output;
  const Lattice& lattice = call.lattice;
  const Tiles& tiles = call.tiles;
  const std::int64_t width = call.blocks * kLanes;
  for (int block = 0; block < call.blocks; ++block) {
    const V bias = call.bias != nullptr ? V::load(call.bias + block * kLanes) : V::zero();
    const float* products = call.products + block * kLanes;
    for (int done = 0; done < tiles.count;) {
      const std::int64_t line = (tiles.begin + done) / tiles.columns;
      const auto column = static_cast<int>((tiles.begin + done) % tiles.columns);
      const int left = tiles.count - done;
      const int count = left < tiles.columns - column ? left : tiles.columns - column;
      const std::int64_t plane = line / tiles.rows * lattice.plane_step + lattice.plane;
      const std::int64_t row = line % tiles.rows * lattice.row_step + lattice.row;
      const std::int64_t first = std::int64_t{column} * lattice.column_step + lattice.column;
      float* to = map.block(block) + ((plane * map.rows + row) * map.columns + first) * kLanes;
      for (int t = done; t < done + count; ++t, to += lattice.column_step * kLanes) {
        const V y = V::load(products + t * width) + bias;
        if constexpr (Stream) {
          y.stream(to);
        } else {
          y.store(to);
        }
      }
      done += count;
    }
  }
}

template <class V>
void store_lattice(const OutputCall& call) {
  call.past_caches ? store_apart<V, true>(call) : store_apart<V, false>(call);
  if (call.past_caches) V::end_streams();
}

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_GATHER_HPP_
