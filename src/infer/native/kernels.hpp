// The arithmetic of the native engine as plain functions on plain memory: one table of them per instruction
// set, each compiled in a file of its own.
//
// Maps are blocked by 16 channels, [channel / 16][row][column][16], every vector of 16 aligned to 64 bytes;
// channels that only fill the last block are zero. A 3x3 layer is a transform of input tiles, one small
// matrix product per "frequency", and a transform of output tiles (schemes.hpp).
#ifndef MUSCLEMAP_INFER_NATIVE_KERNELS_HPP_
#define MUSCLEMAP_INFER_NATIVE_KERNELS_HPP_

#include <cstdint>

#include "base/isa.hpp"

namespace musclemap::infer::native {

inline constexpr std::int64_t kLanes = 16;     ///< channels of a block
inline constexpr int kGroup = 4;               ///< blocks of output channels that are multiplied together
inline constexpr int kTileUnit = 24;           ///< tile counts of products are rounded up to a multiple
inline constexpr int kLargestFrequencies = 6;  ///< along one axis
inline constexpr int kLargestOutput = 4;       ///< pixels of an output tile along one axis

/// Tiles that a product of `tiles` tiles takes.
constexpr std::int64_t whole_units(std::int64_t tiles) {
  return (tiles + kTileUnit - 1) / kTileUnit * kTileUnit;
}

/// How a convolution is computed; the formulas are in schemes.hpp.
enum class Scheme : std::uint8_t {
  winograd4,  ///< 3x3, stride 1, 4x4 outputs a tile
  winograd2,  ///< 3x3, stride 1, 2x2 outputs a tile
  down2,      ///< 3x3, stride 2, 2x2 outputs a tile
  up2,        ///< transposed 3x3, stride 2, 4x4 outputs a tile
  pointwise,  ///< 1x1
  taps,       ///< any kernel and stride: blocks of channels times taps as one product (gather.hpp)
  image,      ///< any kernel and stride, of an image: its few channels times taps as one product
};
inline constexpr int kSchemes = 7;

/// Sizes of a scheme along one axis. Those that gather have tiles of one output, and no transforms.
struct SchemeShape {
  int outputs;      ///< of a tile
  int step;         ///< inputs between tiles
  int frequencies;  ///< products
  int weights;      ///< different weights among them
};

constexpr SchemeShape shape_of(Scheme scheme) {
  constexpr SchemeShape kShapes[kSchemes] = {{4, 4, 6, 6}, {2, 2, 4, 4}, {2, 4, 5, 4}, {4, 2, 5, 4},
                                             {1, 1, 1, 1}, {1, 1, 1, 1}, {1, 1, 1, 1}};
  return kShapes[static_cast<int>(scheme)];
}

/// Which of the scheme's weights a frequency takes, along one axis. down2 and up2 use the middle tap twice.
constexpr int weight_of(Scheme scheme, int frequency) {
  const SchemeShape shape = shape_of(scheme);
  return frequency < shape.weights ? frequency : shape.weights - 1;
}

/// A blocked map that lives elsewhere.
struct Map {
  float* data = nullptr;
  int blocks = 0;
  int rows = 0;
  int columns = 0;

  // Never a function of its own, which the linker might take from a file for another instruction set.
  __attribute__((always_inline)) float* block(int index) const {
    return data + static_cast<std::int64_t>(index) * rows * columns * kLanes;
  }
  /// `count` blocks from `begin` on.
  Map part(int begin, int count) const { return {block(begin), count, rows, columns}; }
};

/// max(z, 0) + slope min(z, 0) with z = scale x + shift; arrays of one value per channel. `scale` null: x.
struct Activation {
  const float* scale = nullptr;
  const float* shift = nullptr;
  const float* slope = nullptr;

  /// That of the channels from a block on. Inlined for the reason of Map::block().
  __attribute__((always_inline)) Activation from_block(int block) const {
    if (scale == nullptr) return {};
    const std::int64_t first = block * kLanes;
    return {scale + first, shift + first, slope + first};
  }
};

/// Tiles [begin, begin + count) of the output of a layer, row by row.
struct Tiles {
  std::int64_t begin = 0;
  int count = 0;
  int columns = 0;  ///< tiles of a row
};

/// Which inputs an output pixel sees: `rows` x `columns` of them, the first one at pixel * step + first.
struct TapGrid {
  int rows = 1;
  int columns = 1;
  int first_row = 0;
  int first_column = 0;
  int row_step = 1;
  int column_step = 1;
};

/// Output pixels that lie apart: pixel * step + (row, column).
struct Lattice {
  int row = 0;
  int column = 0;
  int row_step = 1;
  int column_step = 1;
};

/// Input tiles to products: blocks [block_begin, block_end) of `input` into
/// `transformed` [frequency][block][tile_stride][16].
struct InputCall {
  Map input;
  Activation activation;
  Tiles tiles;
  int block_begin = 0;
  int block_end = 0;
  int tile_stride = 0;
  float* transformed = nullptr;
  std::int64_t frequency_stride = 0;
  /// Scheme::image alone: the image [channel][row][column] and its channels, in place of `input.data`.
  const float* image = nullptr;
  int image_channels = 0;
  TapGrid taps;  ///< of schemes that gather
};

// Split numbers: x = high + low + less than 2^-17 of x, two bfloat16 numbers, for matrix units that multiply
// those alone. A product of two such numbers is high high + high low + low high, less than 2^-15 of it away.
// Blocks of 16 channels come in pairs: `transformed` is [frequency][pair][high, low][tile][32], weights are
// [pair][high, low][channel / 2][output][channel % 2], both of the same size as floats would be.

/// Frequencies that take the same weights, at most.
inline constexpr int kSharedWeights = 4;

/// products[f][tile][n] = sum over k of inputs[f][k / 16][tile][k % 16] weights[k][n], n < 16 blocks.
struct ProductCall {
  const float* inputs[kSharedWeights] = {};
  std::int64_t input_stride = 0;  ///< between blocks of 16 inputs
  int input_blocks = 0;
  const float* weights = nullptr;  ///< what lies behind them is fetched into the cache as the next call's
  int output_blocks = 0;           ///< 1..kGroup
  int tiles = 0;                   ///< a multiple of kTileUnit
  float* products[kSharedWeights] = {};
  int frequencies = 0;
};

/// What a block of tiles tells of one channel.
struct Moments {
  double mean[kLanes];
  double squares[kLanes];  ///< sum of the squared differences from the mean
};

/// Products to output tiles; blocks are those of one group.
struct OutputCall {
  const float* products = nullptr;  ///< [frequency][tile][blocks * 16]
  std::int64_t frequency_stride = 0;
  Tiles tiles;
  int blocks = 0;
  Map output;                   ///< `blocks` blocks; a tile's pixels outside are left out
  const float* bias = nullptr;  ///< one value per channel; null: none
  Moments* moments = nullptr;   ///< one per block of the map; null: none
  Lattice lattice;              ///< of store_lattice() alone
};

/// Products to output tiles that are weighted and added to a slice: sums[row][column] += weight * output.
struct BlendCall {
  OutputCall output;  ///< `output.output` has the window's rows and columns, no data
  Map sums;           ///< of the slice
  int row = 0;        ///< of the slice where the window begins; may be negative
  int column = 0;
  const float* weights = nullptr;  ///< [row][column] of the window
};

/// output = activated(a) + activated(b), 16 channels at a time; `b` null: one term. Channel arrays begin at
/// the block.
struct CombineCall {
  const float* a = nullptr;
  Activation a_activation;
  const float* b = nullptr;
  Activation b_activation;
  float* output = nullptr;
  std::int64_t pixels = 0;
};

/// Moments of one block of activated channels; channel arrays begin at the block.
struct MeasureCall {
  const float* input = nullptr;
  Activation activation;
  std::int64_t pixels = 0;
  Moments* moments = nullptr;
};

/// One row of one block of a map of another size. pool_*: of what the taps see, pixels outside left out;
/// repeat: of the pixels themselves, each step times.
struct ResizeCall {
  Map input;
  Activation activation;
  Map output;
  int block = 0;
  int row = 0;  ///< of the output
  TapGrid taps;
};

/// Windows whose maps one call adds, at most.
inline constexpr int kAddedWindows = 8;

/// sums[k][p] += sum over w of weights[w][p] * values[w][p + k], k < 3, for vectors of 16 channels; windows
/// are added in their order.
struct AddTapsCall {
  const float* weights[kAddedWindows] = {};
  const float* values[kAddedWindows] = {};
  int windows = 0;
  float* sums[3] = {};
  std::int64_t pixels = 0;
  bool first = false;  ///< `sums` are 0, whatever is in the memory
};

struct Kernels {
  void (*input[kSchemes])(const InputCall& call);
  void (*multiply)(const ProductCall& call);
  void (*store[kSchemes])(const OutputCall& call);
  void (*store_lattice)(const OutputCall& call);  ///< Scheme::taps; writes no moments
  void (*blend[kSchemes])(const BlendCall& call);
  void (*combine)(const CombineCall& call);
  void (*measure)(const MeasureCall& call);
  void (*pool_max)(const ResizeCall& call);
  void (*pool_mean)(const ResizeCall& call);
  void (*repeat)(const ResizeCall& call);
  void (*add_taps)(const AddTapsCall& call);
  // With split numbers in `transformed`, and so with an even number of input blocks; null where there is no
  // unit for them.
  void (*input_split[kSchemes])(const InputCall& call);
  void (*multiply_split)(const ProductCall& call);
};

const Kernels& kernels_for(base::Isa isa);

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_KERNELS_HPP_
