// The three stages of a convolution for any vector type V and scheme S; kernels_*.cpp instantiate them. No
// function here may be compiled for two instruction sets under one name: all are templates of V.
#ifndef MUSCLEMAP_INFER_NATIVE_CONVOLUTION_HPP_
#define MUSCLEMAP_INFER_NATIVE_CONVOLUTION_HPP_

#include "infer/native/kernels.hpp"
#include "infer/native/schemes.hpp"

namespace musclemap::infer::native {

/// An Activation's values for one block of channels, in registers.
template <class V>
class BlockActivation {
 public:
  BlockActivation(const Activation& activation, int block)
      : active_(activation.scale != nullptr),
        scale_(active_ ? V::load(activation.scale + block * kLanes) : V::zero()),
        shift_(active_ ? V::load(activation.shift + block * kLanes) : V::zero()),
        slope_(active_ ? V::load(activation.slope + block * kLanes) : V::zero()) {}

  V operator()(const V& x) const {
    if (!active_) return x;
    const V z = V::madd(scale_, x, shift_);
    return V::madd(slope_, V::min(z, V::zero()), V::max(z, V::zero()));
  }

 private:
  bool active_;
  V scale_;
  V shift_;
  V slope_;
};

/// The same where every slope is 0.
template <class V>
class BlockRelu {
 public:
  BlockRelu(const Activation& activation, int block)
      : scale_(V::load(activation.scale + block * kLanes)),
        shift_(V::load(activation.shift + block * kLanes)) {}

  V operator()(const V& x) const { return V::max(V::madd(scale_, x, shift_), V::zero()); }

 private:
  V scale_;
  V shift_;
};

/// Whether an activation is a BlockRelu on a block.
template <class V>
bool is_relu(const Activation& activation, int block) {
  if (activation.scale == nullptr) return false;
  bool zero = true;
  for (int lane = 0; lane < kLanes; ++lane) zero = zero && activation.slope[block * kLanes + lane] == 0;
  return zero;
}

/// Transformed inputs as floats.
struct WholeNumbers {
  static std::int64_t offset(int block, int tile_stride) {
    return static_cast<std::int64_t>(block) * tile_stride * kLanes;
  }
  template <class V>
  static void store(const V& x, float* to, int /*tile_stride*/) {
    x.store(to);
  }
};

/// Tiles of a row whose columns are transformed together.
inline constexpr int kTilesOfRow = 8;

/// The columns of some tiles of a row after the transform along them: [frequency][column].
template <class S>
struct TransformedColumns {
  static constexpr int kColumns = kTilesOfRow * S::kStep + S::kInputs;

  alignas(64) float values[S::kFrequencies][kColumns][kLanes];
};

/// Columns [first, first + count) of a block, from `row` on; zeros around the map, which are not activated.
template <class V, class S, class Activate>
inline void transform_columns(const Map& map, const float* plane, const Activate& activate, int row,
                              int first, int count, TransformedColumns<S>* to) {
  const std::int64_t row_size = std::int64_t{map.columns} * kLanes;
  const bool whole = row >= 0 && row + S::kInputs <= map.rows;
  const float* from = plane + row * row_size + std::int64_t{first} * kLanes;
  for (int c = 0; c < count; ++c, from += kLanes) {
    V inputs[S::kInputs];
    if (first + c < 0 || first + c >= map.columns) {
      for (int i = 0; i < S::kInputs; ++i) inputs[i] = V::zero();
    } else if (whole) {
      for (int i = 0; i < S::kInputs; ++i) inputs[i] = activate(V::load(from + i * row_size));
    } else {
      for (int i = 0; i < S::kInputs; ++i) {
        const bool inside = row + i >= 0 && row + i < map.rows;
        inputs[i] = inside ? activate(V::load(from + i * row_size)) : V::zero();
      }
    }
    V frequencies[S::kFrequencies];
    S::input(inputs, frequencies);
    for (int f = 0; f < S::kFrequencies; ++f) frequencies[f].store(to->values[f][c]);
  }
}

/// The same of a map whose pixels are repeated; `row`, `first` and `count` count the repeated ones.
template <class V, class S, class Activate>
inline void transform_repeated_columns(const InputCall& call, const float* plane, const Activate& activate,
                                       int row, int first, int count, TransformedColumns<S>* to) {
  const Map& map = call.input;
  const Repeats& repeats = call.repeats;
  const float* rows[S::kInputs];
  for (int i = 0; i < S::kInputs; ++i) {
    const bool inside = row + i >= 0 && row + i < map.rows * repeats.rows;
    const int from = inside ? (row + i) / repeats.rows : 0;
    rows[i] = inside ? plane + std::int64_t{from} * map.columns * kLanes : nullptr;
  }
  for (int c = 0; c < count;) {
    const bool inside = first + c >= 0 && first + c < map.columns * repeats.columns;
    const int column = inside ? (first + c) / repeats.columns : 0;
    const int same = inside ? (column + 1) * repeats.columns - first : c + 1;
    const int end = same < count ? same : count;
    V inputs[S::kInputs];
    for (int i = 0; i < S::kInputs; ++i) {
      inputs[i] = inside && rows[i] != nullptr ? activate(V::load(rows[i] + std::int64_t{column} * kLanes))
                                               : V::zero();
    }
    V frequencies[S::kFrequencies];
    S::input(inputs, frequencies);
    for (; c < end; ++c) {
      for (int f = 0; f < S::kFrequencies; ++f) frequencies[f].store(to->values[f][c]);
    }
  }
}

template <class V, class S, class Numbers, class Activate>
void transform_block(const InputCall& call, int block, const Activate& activate) {
  const Map& map = call.input;
  const bool repeated = call.repeats.any();
  TransformedColumns<S> columns;
  float* to = call.transformed + Numbers::offset(block, call.tile_stride);
  const std::int64_t end = call.tiles.begin + call.tiles.count;
  for (std::int64_t tile = call.tiles.begin; tile < end;) {
    const auto column = static_cast<int>(tile % call.tiles.columns);
    const std::int64_t of_row = call.tiles.columns - column;
    const std::int64_t left = end - tile < of_row ? end - tile : of_row;
    const int count = left < kTilesOfRow ? static_cast<int>(left) : kTilesOfRow;
    const int row = static_cast<int>(tile / call.tiles.columns) * S::kStep + S::kFirst;
    const int first = column * S::kStep + S::kFirst;
    const int width = (count - 1) * S::kStep + S::kInputs;
    if (repeated) {
      transform_repeated_columns<V, S>(call, map.block(block), activate, row, first, width, &columns);
    } else {
      transform_columns<V, S>(map, map.block(block), activate, row, first, width, &columns);
    }
    for (int fy = 0; fy < S::kFrequencies; ++fy) {
      float* of_row_to = to + fy * S::kFrequencies * call.frequency_stride;
      for (int t = 0; t < count; ++t) {
        V along_columns[S::kInputs];
        V frequencies[S::kFrequencies];
        for (int j = 0; j < S::kInputs; ++j) along_columns[j] = V::load(columns.values[fy][t * S::kStep + j]);
        S::input(along_columns, frequencies);
        for (int fx = 0; fx < S::kFrequencies; ++fx) {
          Numbers::store(frequencies[fx], of_row_to + fx * call.frequency_stride + t * kLanes,
                         call.tile_stride);
        }
      }
    }
    to += count * kLanes;
    tile += count;
  }
}

template <class V, class S, class Numbers = WholeNumbers>
void transform_input(const InputCall& call) {
  for (int block = call.block_begin; block < call.block_end; ++block) {
    if (is_relu<V>(call.activation, block)) {
      transform_block<V, S, Numbers>(call, block, BlockRelu<V>(call.activation, block));
    } else {
      transform_block<V, S, Numbers>(call, block, BlockActivation<V>(call.activation, block));
    }
  }
}

/// Sums of `T` tiles and `N` blocks of outputs, over `blocks` blocks of inputs; `add`: to `products`, where
/// they begin or, if `Apart`, at their end.
template <class V, int T, int N, bool Apart = false>
inline void multiply_tiles(const float* inputs, std::int64_t input_stride, int blocks, const float* weights,
                           std::int64_t width, float* products, bool add, const float* next,
                           std::int64_t next_step) {
  V sums[T][N];
#pragma GCC unroll 24
  for (int t = 0; t < T; ++t) {
#pragma GCC unroll 4
    for (int n = 0; n < N; ++n) {
      sums[t][n] = add && !Apart ? V::load(products + t * width + n * kLanes) : V::zero();
    }
  }
  for (int b = 0; b < blocks; ++b) {
    const float* input = inputs + b * input_stride;
#pragma GCC unroll 16
    for (int k = 0; k < kLanes; ++k) {
      V w[N];
#pragma GCC unroll 4
      for (int n = 0; n < N; ++n) w[n] = V::load(weights + n * kLanes);
      weights += width;
      __builtin_prefetch(next, 0, 2);
      next += next_step;
#pragma GCC unroll 24
      for (int t = 0; t < T; ++t) {
        const V x = V::all(input[t * kLanes + k]);
#pragma GCC unroll 4
        for (int n = 0; n < N; ++n) sums[t][n] = V::madd(x, w[n], sums[t][n]);
      }
    }
  }
  if (Apart && add) {
#pragma GCC unroll 24
    for (int t = 0; t < T; ++t) {
#pragma GCC unroll 4
      for (int n = 0; n < N; ++n) sums[t][n] = sums[t][n] + V::load(products + t * width + n * kLanes);
    }
  }
#pragma GCC unroll 24
  for (int t = 0; t < T; ++t) {
#pragma GCC unroll 4
    for (int n = 0; n < N; ++n) sums[t][n].store(products + t * width + n * kLanes);
  }
}

/// Blocks of inputs whose weights, 32 KiB, stay in the first cache.
inline constexpr int kPanel = 8;

template <class V, int N>
void multiply_blocks(const ProductCall& call, int first_output) {
  constexpr int kTiles = V::kSums / N;
  static_assert(kTileUnit % kTiles == 0 && (N < kGroup || kRowUnit % kTiles == 0),
                "tiles come in whole register blocks");
  const std::int64_t width = call.output_blocks * kLanes;
  const int groups = call.tiles / kTiles * call.frequencies;
  const float* weights = call.weights + first_output * kLanes;
  for (int panel = 0; panel < call.input_blocks; panel += kPanel) {
    const int blocks = call.input_blocks - panel < kPanel ? call.input_blocks - panel : kPanel;
    const std::int64_t panel_size = static_cast<std::int64_t>(blocks) * kLanes * width;
    // Each register block fetches its share of the next panel.
    const bool last = panel + blocks == call.input_blocks;
    const float* next = last ? call.next + first_output * kLanes : weights + panel_size;
    const std::int64_t share = panel_size / groups;
    const std::int64_t step = share / (static_cast<std::int64_t>(blocks) * kLanes);
    for (int f = 0; f < call.frequencies; ++f) {
      for (int t = 0; t < call.tiles; t += kTiles, next += share) {
        multiply_tiles<V, kTiles, N>(
            call.inputs[f] + panel * call.input_stride + t * kLanes, call.input_stride, blocks, weights,
            width, call.products[f] + t * width + first_output * kLanes, panel > 0, next, step);
      }
    }
    weights += panel_size;
  }
}

/// Blocks of inputs are summed apart and then added: frequencies of three axes cancel in the outputs, so that
/// the rounding of long sums would be most of the error.
template <class V, int N>
void multiply_depth_blocks(const DepthProductCall& call, int first_output) {
  constexpr int kTiles = V::kSums / N;
  const std::int64_t width = call.output_blocks * kLanes;
  const float* weights = call.weights + first_output * kLanes;
  const std::int64_t matrix = call.input_blocks * kLanes * width;
  // Each register block fetches its share of what follows its panel.
  const std::int64_t share = kPanel * kLanes * width * kTiles / call.tiles;
  const std::int64_t step = share / (kPanel * kLanes);
  for (int m = 0; m < call.matrices; ++m, weights += matrix) {
    const int end = m + 1 < call.matrices ? m + 1 : call.frequencies;
    for (int panel = 0; panel < call.input_blocks; panel += kPanel) {
      const int blocks = call.input_blocks - panel < kPanel ? call.input_blocks - panel : kPanel;
      const float* of_panel = weights + panel * kLanes * width;
      for (int f = m; f < end; ++f) {
        const float* inputs = call.inputs + f * call.frequency_inputs + panel * call.input_stride;
        float* products = call.products + f * call.frequency_products + first_output * kLanes;
        const float* next = of_panel + blocks * kLanes * width;
        for (int t = 0; t < call.tiles; t += kTiles) {
          for (int b = 0; b < blocks; ++b, next += step * kLanes) {
            multiply_tiles<V, kTiles, N, true>(inputs + b * call.input_stride + t * kLanes, call.input_stride,
                                               1, of_panel + b * kLanes * width, width, products + t * width,
                                               panel + b > 0, next, step);
          }
        }
      }
    }
  }
}

/// `Blocks<N>::run(call, first_output)` for the blocks of outputs that the registers hold at once.
template <class V, template <class, int> class Blocks, class Call>
void by_output_blocks(const Call& call) {
  if constexpr (V::kBlocksAtOnce == 1) {
    for (int n = 0; n < call.output_blocks; ++n) Blocks<V, 1>::run(call, n);
  } else {
    switch (call.output_blocks) {
      case 1:
        return Blocks<V, 1>::run(call, 0);
      case 2:
        return Blocks<V, 2>::run(call, 0);
      case 3:
        return Blocks<V, 3>::run(call, 0);
      default:
        return Blocks<V, 4>::run(call, 0);
    }
  }
}

template <class V, int N>
struct PlainBlocks {
  static void run(const ProductCall& call, int first) { multiply_blocks<V, N>(call, first); }
};
template <class V, int N>
struct DepthBlocks {
  static void run(const DepthProductCall& call, int first) { multiply_depth_blocks<V, N>(call, first); }
};

template <class V>
void multiply(const ProductCall& call) {
  by_output_blocks<V, PlainBlocks>(call);
}

template <class V>
void multiply_depth(const DepthProductCall& call) {
  by_output_blocks<V, DepthBlocks>(call);
}

/// Mean and squares of one channel block over the tiles of a call. Values of a map may be nearly equal, so
/// sums run over differences from the first one: in floats within a tile, in doubles over the tiles.
template <class V>
class MomentSum {
 public:
  explicit MomentSum(const V& reference) : reference_(reference) {}

  void begin_tile() {
    sum_ = V::zero();
    square_ = V::zero();
  }
  void add(const V& x) {
    const V difference = x - reference_;
    sum_ = sum_ + difference;
    square_ = V::madd(difference, difference, square_);
  }
  void end_tile(int pixels) {
    sum_.add_to(sums_);
    square_.add_to(squares_);
    pixels_ += pixels;
  }
  void write(Moments* moments) const {
    alignas(64) float reference[kLanes];
    reference_.store(reference);
    for (int i = 0; i < kLanes; ++i) {
      moments->mean[i] = static_cast<double>(reference[i]) + sums_[i] / pixels_;
      moments->squares[i] = squares_[i] - sums_[i] * sums_[i] / pixels_;
    }
  }

 private:
  V reference_;
  V sum_ = V::zero();
  V square_ = V::zero();
  double sums_[kLanes] = {};
  double squares_[kLanes] = {};
  double pixels_ = 0;
};

/// Outputs of one tile and one block of channels.
template <class V, class S>
inline void load_outputs(const float* products, std::int64_t stride, V (&outputs)[S::kOutputs][S::kOutputs]) {
  V columns[S::kFrequencies][S::kOutputs];
  for (int fx = 0; fx < S::kFrequencies; ++fx) {
    V along_rows[S::kFrequencies];
    for (int fy = 0; fy < S::kFrequencies; ++fy) {
      along_rows[fy] = V::load(products + (fy * S::kFrequencies + fx) * stride);
    }
    S::output(along_rows, columns[fx]);
  }
  for (int i = 0; i < S::kOutputs; ++i) {
    V along_columns[S::kFrequencies];
    for (int fx = 0; fx < S::kFrequencies; ++fx) along_columns[fx] = columns[fx][i];
    S::output(along_columns, outputs[i]);
  }
}

/// Sums of floats run over so few pixels.
inline constexpr int kMeasuredTogether = 16;

/// Tiles of one pixel, which lie one behind the other.
template <class V, bool Stream>
void store_pixels(const OutputCall& call) {
  const std::int64_t width = call.blocks * kLanes;
  for (int block = 0; block < call.blocks; ++block) {
    const V bias = call.bias != nullptr ? V::load(call.bias + block * kLanes) : V::zero();
    const float* products = call.products + block * kLanes;
    float* to = call.output.block(block) + call.tiles.begin * kLanes;
    MomentSum<V> moments(V::load(products) + bias);
    for (int begin = 0; begin < call.tiles.count; begin += kMeasuredTogether) {
      const int left = call.tiles.count - begin;
      const int count = left < kMeasuredTogether ? left : kMeasuredTogether;
      moments.begin_tile();
      for (int t = begin; t < begin + count; ++t) {
        const V y = V::load(products + t * width) + bias;
        if constexpr (Stream) {
          y.stream(to + t * kLanes);
        } else {
          y.store(to + t * kLanes);
        }
        moments.add(y);
      }
      moments.end_tile(count);
    }
    if (call.moments != nullptr) moments.write(call.moments + block);
  }
}

/// Adds OutputCall::added to the outputs of one tile.
template <class V, class S>
inline void add_map(const OutputCall& call, const BlockActivation<V>& activate, int block, int row,
                    int column, int rows, int columns, V (&outputs)[S::kOutputs][S::kOutputs]) {
  const Map& map = call.added;
  std::int64_t at[S::kOutputs];
  for (int j = 0; j < S::kOutputs; ++j) at[j] = (column + j) / call.added_repeats.columns * kLanes;
  for (int i = 0; i < rows; ++i) {
    const std::int64_t line = (row + i) / call.added_repeats.rows;
    const float* from = map.block(block) + line * map.columns * kLanes;
    for (int j = 0; j < columns; ++j) outputs[i][j] = outputs[i][j] + activate(V::load(from + at[j]));
  }
}

/// Where a tile's outputs go. `Whole`: all of them lie on the map.
template <class V, class S, bool Stream, bool Measure, bool Whole>
inline void store_tile(const V (&outputs)[S::kOutputs][S::kOutputs], const Map& map, int rows, int columns,
                       float* to, MomentSum<V>* moments) {
  const int row_end = Whole ? S::kOutputs : rows;
  const int column_end = Whole ? S::kOutputs : columns;
  for (int i = 0; i < row_end; ++i, to += static_cast<std::int64_t>(map.columns) * kLanes) {
    for (int j = 0; j < column_end; ++j) {
      if constexpr (Stream) {
        outputs[i][j].stream(to + j * kLanes);
      } else {
        outputs[i][j].store(to + j * kLanes);
      }
      if constexpr (Measure) moments->add(outputs[i][j]);
    }
  }
}

template <class V, class S, bool Stream, bool Measure>
void store_tiles(const OutputCall& call) {
  const Map& map = call.output;
  const std::int64_t width = call.blocks * kLanes;
  for (int block = 0; block < call.blocks; ++block) {
    const V bias = call.bias != nullptr ? V::load(call.bias + block * kLanes) : V::zero();
    const float* products = call.products + block * kLanes;
    V outputs[S::kOutputs][S::kOutputs];
    if constexpr (Measure) load_outputs<V, S>(products, call.frequency_stride, outputs);
    MomentSum<V> moments(Measure ? outputs[0][0] + bias : bias);
    const BlockActivation<V> activate(call.added_activation, block);
    for (int t = 0; t < call.tiles.count; ++t) {
      const std::int64_t tile = call.tiles.begin + t;
      const int row = static_cast<int>(tile / call.tiles.columns) * S::kOutputs;
      const int column = static_cast<int>(tile % call.tiles.columns) * S::kOutputs;
      load_outputs<V, S>(products + t * width, call.frequency_stride, outputs);
      for (V(&line)[S::kOutputs] : outputs) {
        for (V& output : line) output = output + bias;
      }
      const int rows = map.rows - row < S::kOutputs ? map.rows - row : S::kOutputs;
      const int columns = map.columns - column < S::kOutputs ? map.columns - column : S::kOutputs;
      const bool whole = rows == S::kOutputs && columns == S::kOutputs;
      float* to = map.block(block) + (static_cast<std::int64_t>(row) * map.columns + column) * kLanes;
      if constexpr (!Measure) {
        if (call.added.data != nullptr) {
          whole ? add_map<V, S>(call, activate, block, row, column, S::kOutputs, S::kOutputs, outputs)
                : add_map<V, S>(call, activate, block, row, column, rows, columns, outputs);
        }
      }
      if constexpr (Measure) moments.begin_tile();
      if (whole) {
        store_tile<V, S, Stream, Measure, true>(outputs, map, rows, columns, to, &moments);
      } else {
        store_tile<V, S, Stream, Measure, false>(outputs, map, rows, columns, to, &moments);
      }
      if constexpr (Measure) moments.end_tile(rows * columns);
    }
    if constexpr (Measure) moments.write(call.moments + block);
  }
}

template <class V, class S>
void store_output(const OutputCall& call) {
  if constexpr (S::kOutputs == 1) {
    call.past_caches ? store_pixels<V, true>(call) : store_pixels<V, false>(call);
  } else {
    if (call.moments != nullptr) {
      call.past_caches ? store_tiles<V, S, true, true>(call) : store_tiles<V, S, false, true>(call);
    } else {
      call.past_caches ? store_tiles<V, S, true, false>(call) : store_tiles<V, S, false, false>(call);
    }
  }
  if (call.past_caches) V::end_streams();
}

/// The transform S along the planes.
template <class V, class S, class Numbers = WholeNumbers>
void depth_input(const DepthCall& call) {
  for (std::int64_t i = 0; i < call.count * kLanes; i += kLanes) {
    V inputs[S::kInputs];
    V frequencies[S::kFrequencies];
    for (int k = 0; k < S::kInputs; ++k) inputs[k] = V::load(call.from[k] + i);
    S::input(inputs, frequencies);
    for (int k = 0; k < S::kFrequencies; ++k)
      Numbers::store(frequencies[k], call.to[k] + i, call.tile_stride);
  }
}

template <class V, class S>
void depth_output(const DepthCall& call) {
  for (std::int64_t i = 0; i < call.count * kLanes; i += kLanes) {
    V products[S::kFrequencies];
    V outputs[S::kOutputs];
    for (int k = 0; k < S::kFrequencies; ++k) products[k] = V::load(call.from[k] + i);
    S::output(products, outputs);
    for (int k = 0; k < S::kOutputs; ++k) outputs[k].store(call.to[k] + i);
  }
}

template <class V, class S>
void blend_output(const BlendCall& call) {
  const OutputCall& output = call.output;
  const Map& sums = call.sums;
  const std::int64_t width = output.blocks * kLanes;
  for (int block = 0; block < output.blocks; ++block) {
    for (int t = 0; t < output.tiles.count; ++t) {
      const std::int64_t tile = output.tiles.begin + t;
      const int row = static_cast<int>(tile / output.tiles.columns) * S::kOutputs;
      const int column = static_cast<int>(tile % output.tiles.columns) * S::kOutputs;
      V outputs[S::kOutputs][S::kOutputs];
      load_outputs<V, S>(output.products + t * width + block * kLanes, output.frequency_stride, outputs);
      for (int i = 0; i < S::kOutputs; ++i) {
        const int r = call.row + row + i;
        if (row + i >= output.output.rows || r < 0 || r >= sums.rows) continue;
        const float* weights = call.weights + static_cast<std::int64_t>(row + i) * output.output.columns;
        float* to = sums.block(block) + static_cast<std::int64_t>(r) * sums.columns * kLanes;
        for (int j = 0; j < S::kOutputs; ++j) {
          const int c = call.column + column + j;
          if (column + j >= output.output.columns || c < 0 || c >= sums.columns) continue;
          V::madd(V::all(weights[column + j]), outputs[i][j], V::load(to + c * kLanes))
              .store(to + c * kLanes);
        }
      }
    }
  }
}

template <class V>
void add_taps(const AddTapsCall& call) {
  for (std::int64_t p = 0; p < call.pixels; ++p) {
    V sums[3];
    for (int k = 0; k < 3; ++k) sums[k] = call.first ? V::zero() : V::load(call.sums[k] + p * kLanes);
    for (int w = 0; w < call.windows; ++w) {
      const V weight = V::all(call.weights[w][p]);
      const float* values = call.values[w] + p * kLanes;
      for (int k = 0; k < 3; ++k) sums[k] = V::madd(weight, V::load(values + k * kLanes), sums[k]);
    }
    for (int k = 0; k < 3; ++k) sums[k].store(call.sums[k] + p * kLanes);
  }
}

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_CONVOLUTION_HPP_
