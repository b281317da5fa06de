// The arithmetic of the native engine as plain functions on plain memory: one table of them per instruction
// set, each compiled in a file of its own.
//
// Maps are blocked by 16 channels, [channel / 16][plane][row][column][16], every vector of 16 aligned to 64
// bytes; channels that only fill the last block are zero. Maps of two axes have one plane. A 3x3 layer is a
// transform of input tiles, one small matrix product per "frequency", and a transform of output tiles
// (schemes.hpp); a 3x3x3 layer transforms every plane like that, and for each frequency of the planes along
// the planes as well.
#ifndef MUSCLEMAP_INFER_NATIVE_KERNELS_HPP_
#define MUSCLEMAP_INFER_NATIVE_KERNELS_HPP_

#include <cstdint>

#include "base/isa.hpp"

namespace musclemap::infer::native {

inline constexpr std::int64_t kLanes = 16;  ///< channels of a block
inline constexpr int kGroup = 4;            ///< blocks of output channels that are multiplied together
inline constexpr int kTileUnit = 24;        ///< tile counts of products are rounded up to a multiple
inline constexpr int kMostFrequencies = 9;  ///< along one axis
inline constexpr int kMostInputs = 9;       ///< of a tile along one axis
inline constexpr int kMostOutputs = 4;      ///< of a tile along one axis

inline constexpr int kRowUnit = 6;              ///< tile counts of products of kGroup blocks
inline constexpr int kRowPixels = kGroup * 16;  ///< pixels of the rows that TurnCall makes

/// Tiles that a product of `tiles` tiles takes, whatever its blocks of outputs.
constexpr std::int64_t whole_units(std::int64_t tiles) {
  return (tiles + kTileUnit - 1) / kTileUnit * kTileUnit;
}

constexpr int whole_rows(int tiles) { return (tiles + kRowUnit - 1) / kRowUnit * kRowUnit; }

/// Tiles that a product of floats takes for so many blocks of outputs.
constexpr int whole_tiles(int tiles, int output_blocks) {
  const int unit = output_blocks == kGroup ? kRowUnit : output_blocks == 2 ? kTileUnit / 2 : kTileUnit;
  return (tiles + unit - 1) / unit * unit;
}

/// How a convolution is computed; the formulas are in schemes.hpp.
enum class Scheme : std::uint8_t {
  winograd4,  ///< 3x3, stride 1, 4x4 outputs a tile
  winograd2,  ///< 3x3, stride 1, 2x2 outputs a tile
  down2,      ///< 3x3, stride 2, 2x2 outputs a tile
  down4,      ///< 3x3, stride 2, 4x4 outputs a tile
  up2,        ///< transposed 3x3, stride 2, 4x4 outputs a tile
  pointwise,  ///< 1x1
  taps,       ///< any kernel and stride: blocks of channels times taps as one product (gather.hpp)
  image,      ///< any kernel and stride, of an image: its few channels times taps as one product
};
inline constexpr int kSchemes = 8;

/// Sizes of a scheme along one axis. Those that gather have tiles of one output, and no transforms.
struct SchemeShape {
  int outputs;      ///< of a tile
  int step;         ///< inputs between tiles
  int frequencies;  ///< products
  int weights;      ///< different weights among them
  int first;        ///< of the inputs, relative to the tile's first one
  int inputs;       ///< of a tile
};

constexpr SchemeShape shape_of(Scheme scheme) {
  constexpr SchemeShape kShapes[kSchemes] = {{4, 4, 6, 6, -1, 6}, {2, 2, 4, 4, -1, 4}, {2, 4, 5, 4, -1, 5},
                                             {4, 8, 9, 6, -1, 9}, {4, 2, 5, 4, 0, 3},  {1, 1, 1, 1, 0, 1},
                                             {1, 1, 1, 1, 0, 1},  {1, 1, 1, 1, 0, 1}};
  return kShapes[static_cast<int>(scheme)];
}

/// Which of the scheme's weights a frequency takes, along one axis: down2, down4 and up2 use the middle tap
/// for every output of a tile.
constexpr int weight_of(Scheme scheme, int frequency) {
  const SchemeShape shape = shape_of(scheme);
  return frequency < shape.weights ? frequency : shape.weights - 1;
}

struct Extent {
  int planes = 1;
  int rows = 0;
  int columns = 0;

  constexpr std::int64_t pixels() const { return static_cast<std::int64_t>(planes) * rows * columns; }
};

/// A blocked map that lives elsewhere, or some of its blocks or planes.
struct Map {
  float* data = nullptr;
  int blocks = 0;
  int planes = 1;
  int rows = 0;
  int columns = 0;
  std::int64_t block_size = 0;  ///< floats from one block to the next

  // Never functions of their own, which the linker might take from a file for another instruction set.
  __attribute__((always_inline)) float* block(int index) const { return data + index * block_size; }
  /// `count` blocks from `begin` on.
  Map part(int begin, int count) const { return {block(begin), count, planes, rows, columns, block_size}; }
  Map plane(int index) const {
    return {data + std::int64_t{index} * rows * columns * kLanes, blocks, 1, rows, columns, block_size};
  }
  /// The rows of all planes one behind the other, for what does not look at neighbours.
  Map flat() const { return {data, blocks, 1, planes * rows, columns, block_size}; }
  Extent extent() const { return {planes, rows, columns}; }
};

/// All of a map.
constexpr Map whole_map(float* data, int blocks, const Extent& extent) {
  return {data, blocks, extent.planes, extent.rows, extent.columns, extent.pixels() * kLanes};
}

/// How often each pixel of a map stands for itself along an axis, one behind the other: nearest upsampling
/// that is left to the reader.
struct Repeats {
  int planes = 1;
  int rows = 1;
  int columns = 1;

  // Inlined for the reason of Map::block().
  __attribute__((always_inline)) bool any() const { return planes > 1 || rows > 1 || columns > 1; }
  constexpr Extent of(const Extent& map) const {
    return {map.planes * planes, map.rows * rows, map.columns * columns};
  }
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

/// An activation of one channel. Inlined for the reason of Map::block().
class ScalarActivation {
 public:
  __attribute__((always_inline)) ScalarActivation(const Activation& activation, std::int64_t channel)
      : scale_(activation.scale == nullptr ? 1 : activation.scale[channel]),
        shift_(activation.scale == nullptr ? 0 : activation.shift[channel]),
        slope_(activation.scale == nullptr ? 1 : activation.slope[channel]) {}

  __attribute__((always_inline)) float operator()(float x) const {
    const float z = scale_ * x + shift_;
    return z > 0 ? z : slope_ * z;
  }

 private:
  float scale_;
  float shift_;
  float slope_;
};

/// Tiles [begin, begin + count) of the output of a layer, row by row.
struct Tiles {
  std::int64_t begin = 0;
  int count = 0;
  int columns = 0;  ///< tiles of a row
  int rows = 0;     ///< of schemes that gather, whose tiles are pixels plane by plane: rows of a plane
};

/// Which inputs an output pixel sees: `planes` x `rows` x `columns` of them, the first one at
/// pixel * step + first.
struct TapGrid {
  int rows = 1;
  int columns = 1;
  int first_row = 0;
  int first_column = 0;
  int row_step = 1;
  int column_step = 1;
  int planes = 1;
  int first_plane = 0;
  int plane_step = 1;

  constexpr int count() const { return planes * rows * columns; }
};

/// Output pixels that lie apart: pixel * step + (plane, row, column).
struct Lattice {
  int row = 0;
  int column = 0;
  int row_step = 1;
  int column_step = 1;
  int plane = 0;
  int plane_step = 1;
};

/// Input tiles to products: blocks [block_begin, block_end) of `input`, which is one plane for schemes that
/// transform and the map for those that gather, into `transformed` [frequency][block][tile_stride][16].
struct InputCall {
  Map input;
  Repeats repeats;  ///< of schemes that transform
  Activation activation;
  Tiles tiles;
  int block_begin = 0;
  int block_end = 0;
  int tile_stride = 0;
  float* transformed = nullptr;
  std::int64_t frequency_stride = 0;
  TapGrid taps;  ///< of schemes that gather
};

/// Scheme::image: the products of the tiles [tile][blocks * 16] themselves.
struct ImageCall {
  const float* image = nullptr;  ///< [channel][plane][row][column]
  int channels = 0;
  Activation activation;  ///< of its channels
  Extent extent;          ///< of the image
  TapGrid taps;
  Tiles tiles;
  const float* weights = nullptr;  ///< [channel][tap][blocks * 16]
  int blocks = 0;                  ///< of outputs, 1..kGroup
  float* rows = nullptr;           ///< room for the inputs of a row of tiles: image_row_floats()
  float* products = nullptr;       ///< room for kTileUnit tiles more
};

/// Floats of ImageCall::rows for so many tiles.
constexpr std::int64_t image_row_floats(int channels, const TapGrid& taps, int tiles) {
  const std::int64_t columns = std::int64_t{tiles + kTileUnit} * taps.column_step + taps.columns;
  return columns * channels * taps.planes * taps.rows;
}

/// The transform along the planes of `count` vectors of 16: inputs of a tile to frequencies, or products to
/// outputs.
struct DepthCall {
  const float* from[kMostFrequencies] = {};
  float* to[kMostFrequencies] = {};
  std::int64_t count = 0;
  int tile_stride = 0;  ///< of split numbers: as in InputCall, and `to` is a block's first high part
};

// Split numbers: x = high + low + less than 2^-17 of x, two bfloat16 numbers, for matrix units that multiply
// those alone. A product of two such numbers is high high + high low + low high, less than 2^-15 of it away.
// Blocks of 16 channels come in pairs: `transformed` is [frequency][pair][high, low][tile][32], weights are
// [pair][high, low][channel / 2][output][channel % 2], both of the same size as floats would be.

/// Frequencies that take the same weights, at most.
inline constexpr int kSharedWeights = 16;

/// products[f][tile][n] = sum over k of inputs[f][k / 16][tile][k % 16] weights[k][n], n < 16 blocks.
struct ProductCall {
  const float* inputs[kSharedWeights] = {};
  std::int64_t input_stride = 0;  ///< between blocks of 16 inputs
  int input_blocks = 0;
  const float* weights = nullptr;
  const float* next = nullptr;  ///< weights of the next call, as many, which are fetched into the cache
  int output_blocks = 0;        ///< 1..kGroup
  int tiles = 0;                ///< whole_tiles(); a multiple of kTileUnit for split numbers
  float* products[kSharedWeights] = {};
  int frequencies = 0;
};

/// The same for the frequencies along planes of one frequency of planes: frequency f lies at
/// inputs + f * frequency_inputs and takes matrix min(f, matrices - 1) of `weights`.
struct DepthProductCall {
  const float* inputs = nullptr;
  std::int64_t frequency_inputs = 0;
  std::int64_t input_stride = 0;  ///< between blocks of 16 inputs
  int input_blocks = 0;
  const float* weights = nullptr;
  int matrices = 0;
  int output_blocks = 0;  ///< 1..kGroup
  int tiles = 0;          ///< as in ProductCall
  int frequencies = 0;
  float* products = nullptr;
  std::int64_t frequency_products = 0;
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
  Moments* moments = nullptr;   ///< one per block; null: none
  Lattice lattice;              ///< of store_lattice() alone
  /// What is added to the outputs: blocks, rows and columns as `output` has them, where `added_repeats` are
  /// counted. Of schemes that transform, without moments; no data: none.
  Map added;
  Repeats added_repeats;
  Activation added_activation;  ///< its channel arrays begin at the first block
  bool past_caches = false;  ///< the map is so large that its first values leave the caches before the last
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

/// One block of activated channels as rows of pixels: to[lane * kRowPixels + p], p < pixels <= kRowPixels;
/// what lies behind them is not defined. Channel arrays begin at the block.
struct TurnCall {
  const float* from = nullptr;
  Activation activation;
  int pixels = 0;
  float* to = nullptr;
};

/// values[row * kRowPixels + p] += bias[row] for rows of kRowPixels.
struct RowBiasCall {
  float* values = nullptr;
  const float* bias = nullptr;
  int rows = 0;
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
  int plane = 0;  ///< of the output
  int row = 0;    ///< of that plane
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
  void (*input[kSchemes])(const InputCall& call);  // none for Scheme::image
  void (*image)(const ImageCall& call);
  void (*depth_input[kSchemes])(const DepthCall& call);  // of schemes that transform
  void (*depth_output[kSchemes])(const DepthCall& call);
  void (*multiply)(const ProductCall& call);
  void (*multiply_depth)(const DepthProductCall& call);
  void (*store[kSchemes])(const OutputCall& call);
  void (*store_lattice)(const OutputCall& call);  ///< Scheme::taps; writes no moments
  void (*blend[kSchemes])(const BlendCall& call);
  void (*combine)(const CombineCall& call);
  void (*measure)(const MeasureCall& call);
  void (*turn)(const TurnCall& call);
  void (*add_row_bias)(const RowBiasCall& call);
  void (*pool_max)(const ResizeCall& call);
  void (*pool_mean)(const ResizeCall& call);
  void (*repeat)(const ResizeCall& call);
  void (*add_taps)(const AddTapsCall& call);
  // With split numbers in `transformed`, and so with an even number of input blocks; null where there is no
  // unit for them.
  void (*input_split[kSchemes])(const InputCall& call);
  void (*multiply_split)(const ProductCall& call);
  void (*depth_input_split[kSchemes])(const DepthCall& call);  // of schemes that transform
  void (*multiply_depth_split)(const DepthProductCall& call);
};

const Kernels& kernels_for(base::Isa isa);

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_KERNELS_HPP_
