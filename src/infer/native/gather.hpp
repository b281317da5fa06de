// Convolutions of any kernel and stride as one plain product: the inputs under every tap are gathered first.
// Functions are templates of the vector, as in convolution.hpp.
#ifndef MUSCLEMAP_INFER_NATIVE_GATHER_HPP_
#define MUSCLEMAP_INFER_NATIVE_GATHER_HPP_

#include "infer/native/convolution.hpp"

namespace musclemap::infer::native {

/// From an image, [channel][row][column]: input k of the product is tap k % taps of channel k / taps.
template <class V>
void gather_image(const InputCall& call) {
  const TapGrid& grid = call.taps;
  const int rows = call.input.rows;
  const int columns = call.input.columns;
  const int taps = grid.rows * grid.columns;
  for (int t = 0; t < call.tiles.count; ++t) {
    const std::int64_t tile = call.tiles.begin + t;
    const int row = static_cast<int>(tile / call.tiles.columns) * grid.row_step + grid.first_row;
    const int column = static_cast<int>(tile % call.tiles.columns) * grid.column_step + grid.first_column;
    for (int k = 0; k < call.block_end * kLanes; ++k) {
      const int r = row + k / grid.columns % grid.rows;
      const int c = column + k % grid.columns;
      const bool inside = k < call.image_channels * taps && r >= 0 && c >= 0 && r < rows && c < columns;
      const std::int64_t pixel = (static_cast<std::int64_t>(k / taps) * rows + r) * columns + c;
      float* to = call.transformed + (static_cast<std::int64_t>(k / kLanes) * call.tile_stride + t) * kLanes;
      to[k % kLanes] = inside ? call.image[pixel] : 0.0F;
    }
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
    const float* plane = map.block(block);
    float* to = call.transformed + Numbers::offset(k, call.tile_stride);
    const int first_row = grid.first_row + tap / grid.columns;
    const int first_column = grid.first_column + tap % grid.columns;
    auto row = static_cast<int>(call.tiles.begin / call.tiles.columns);
    auto column = static_cast<int>(call.tiles.begin % call.tiles.columns);
    for (int t = 0; t < call.tiles.count; ++t, to += kLanes) {
      const int r = row * grid.row_step + first_row;
      const int c = column * grid.column_step + first_column;
      const bool inside = r >= 0 && c >= 0 && r < map.rows && c < map.columns;
      const std::int64_t pixel = static_cast<std::int64_t>(r) * map.columns + c;
      Numbers::store(inside ? activate(V::load(plane + pixel * kLanes)) : V::zero(), to, call.tile_stride);
      if (++column < call.tiles.columns) continue;
      column = 0;
      ++row;
    }
  }
}

/// Products of single pixels to pixels that lie apart: one phase of a transposed convolution.
template <class V>
void store_lattice(const OutputCall& call) {
  const Map& map = call.output;
  const Lattice& lattice = call.lattice;
  const std::int64_t width = call.blocks * kLanes;
  for (int block = 0; block < call.blocks; ++block) {
    const V bias = call.bias != nullptr ? V::load(call.bias + block * kLanes) : V::zero();
    for (int t = 0; t < call.tiles.count; ++t) {
      const std::int64_t tile = call.tiles.begin + t;
      const std::int64_t row = tile / call.tiles.columns * lattice.row_step + lattice.row;
      const std::int64_t column = tile % call.tiles.columns * lattice.column_step + lattice.column;
      const V y = V::load(call.products + t * width + block * kLanes) + bias;
      y.store(map.block(block) + (row * map.columns + column) * kLanes);
    }
  }
}

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_GATHER_HPP_
