#include "infer/native/convolver.hpp"

#include <algorithm>

namespace musclemap::infer::native {
namespace {

// Tiles whose transformed inputs and products stay in the second cache together. Part of the result: moments
// are summed block by block.
constexpr int kTileBlock = 48;
// Maps of so few tiles are divided by channels, or every block of tiles would read all weights.
constexpr std::int64_t kFewTiles = 128;

int steps_of(int pixels, int step) { return (pixels + step - 1) / step; }

int frequency_count(Scheme scheme) {
  const int along = shape_of(scheme).frequencies;
  return along * along;
}

// One line more than a power of two, or all frequencies of a tile would fall into one set of the cache.
std::int64_t padded(std::int64_t floats) { return floats + kLanes; }

std::int64_t pixels_of(const Tiles& tiles, int outputs, int rows, int columns) {
  std::int64_t pixels = 0;
  for (std::int64_t tile = tiles.begin; tile < tiles.begin + tiles.count; ++tile) {
    const int row = static_cast<int>(tile / tiles.columns) * outputs;
    const int column = static_cast<int>(tile % tiles.columns) * outputs;
    pixels += static_cast<std::int64_t>(std::min(outputs, rows - row)) * std::min(outputs, columns - column);
  }
  return pixels;
}

}  // namespace

Convolver::Division Convolver::divide(const Layer& layer, int rows, int columns, int threads) {
  const int outputs = shape_of(layer.scheme).outputs;
  Division division;
  division.tile_columns = steps_of(columns, outputs);
  division.tiles = static_cast<std::int64_t>(steps_of(rows, outputs)) * division.tile_columns;
  division.by_channels =
      division.tiles <= kFewTiles && layer.groups() >= threads && layer.scheme != Scheme::image;
  division.tile_stride = division.by_channels ? static_cast<int>(whole_units(division.tiles)) : kTileBlock;
  const std::int64_t tile_floats = std::int64_t{division.tile_stride} * kLanes;
  division.input_stride = padded(layer.input_blocks * tile_floats);
  division.product_stride = padded(kGroup * tile_floats);
  const int frequencies = frequency_count(layer.scheme);
  const std::int64_t inputs = frequencies * division.input_stride;
  division.scratch.shared = division.by_channels ? inputs : 0;
  division.scratch.of_thread = frequencies * division.product_stride + inputs - division.scratch.shared;
  return division;
}

void Convolver::transform(const Layer& layer, const InputCall& call) const {
  const auto scheme = static_cast<int>(layer.scheme);
  (layer.split ? kernels_.input_split[scheme] : kernels_.input[scheme])(call);
}

// Frequencies that take the same weights are multiplied together.
void Convolver::multiply(const Layer& layer, const InputCall& input, int group, int tiles, float* products,
                         std::int64_t product_stride) const {
  const SchemeShape shape = shape_of(layer.scheme);
  ProductCall call;
  call.input_stride = static_cast<std::int64_t>(input.tile_stride) * kLanes;
  call.input_blocks = layer.input_blocks;
  call.output_blocks = layer.blocks_of_group(group);
  call.tiles = tiles;
  call.weights = layer.weights_of_group(group);
  const std::int64_t weights_size =
      static_cast<std::int64_t>(layer.input_blocks) * kLanes * call.output_blocks * kLanes;
  for (int wy = 0; wy < shape.weights; ++wy) {
    for (int wx = 0; wx < shape.weights; ++wx) {
      call.frequencies = 0;
      for (int fy = wy; fy < shape.frequencies && weight_of(layer.scheme, fy) == wy; ++fy) {
        for (int fx = wx; fx < shape.frequencies && weight_of(layer.scheme, fx) == wx; ++fx) {
          const int f = fy * shape.frequencies + fx;
          call.inputs[call.frequencies] = input.transformed + f * input.frequency_stride;
          call.products[call.frequencies++] = products + f * product_stride;
        }
      }
      (layer.split ? kernels_.multiply_split : kernels_.multiply)(call);
      call.weights += weights_size;
    }
  }
}

void Convolver::run_by_tiles(const Layer& layer, const InputCall& input, const Division& division,
                             const Output& output) {
  const std::int64_t input_size = frequency_count(layer.scheme) * division.input_stride;
  pool_.run((division.tiles + kTileBlock - 1) / kTileBlock, [&](std::int64_t block, int worker) {
    InputCall call = input;
    call.tiles.begin = block * kTileBlock;
    call.tiles.count =
        static_cast<int>(std::min<std::int64_t>(kTileBlock, division.tiles - call.tiles.begin));
    call.transformed = scratch_[static_cast<std::size_t>(worker)].data();
    float* products = call.transformed + input_size;
    transform(layer, call);
    for (int group = 0; group < layer.groups(); ++group) {
      multiply(layer, call, group, static_cast<int>(whole_units(call.tiles.count)), products,
               division.product_stride);
      OutputCall out;
      out.products = products;
      out.frequency_stride = division.product_stride;
      out.tiles = call.tiles;
      out.blocks = layer.blocks_of_group(group);
      output(group, out, block);
    }
  });
}

void Convolver::run_by_channels(const Layer& layer, InputCall input, const Division& division,
                                const Output& output) {
  input.tiles.count = static_cast<int>(division.tiles);
  input.transformed = shared_.data();
  pool_.run(layer.input_blocks, [&](std::int64_t block, int) {
    InputCall call = input;
    call.block_begin = static_cast<int>(block);
    call.block_end = call.block_begin + 1;
    transform(layer, call);
  });
  pool_.run(layer.groups(), [&](std::int64_t item, int worker) {
    const auto group = static_cast<int>(item);
    float* products = scratch_[static_cast<std::size_t>(worker)].data();
    multiply(layer, input, group, input.tile_stride, products, division.product_stride);
    OutputCall out;
    out.frequency_stride = division.product_stride;
    out.tiles = input.tiles;
    out.blocks = layer.blocks_of_group(group);
    for (std::int64_t begin = 0; begin < division.tiles; begin += kTileBlock) {
      out.products = products + begin * out.blocks * kLanes;
      out.tiles.begin = begin;
      out.tiles.count = static_cast<int>(std::min<std::int64_t>(kTileBlock, division.tiles - begin));
      output(group, out, begin / kTileBlock);
    }
  });
}

void Convolver::run(const Layer& layer, const LayerInput& input, int rows, int columns,
                    const Output& output) {
  const Division division = divide(layer, rows, columns, pool_.threads());
  const auto need = [](base::AlignedFloats& memory, std::int64_t floats) {
    if (memory.size() < floats) memory = base::AlignedFloats(floats);
  };
  scratch_.resize(static_cast<std::size_t>(pool_.threads()));
  for (base::AlignedFloats& memory : scratch_) need(memory, division.scratch.of_thread);
  need(shared_, division.scratch.shared);
  InputCall call;
  call.input = input.map;
  call.activation = input.activation;
  call.image = input.image;
  call.image_channels = input.image_channels;
  call.taps = layer.taps;
  call.tiles.columns = division.tile_columns;
  call.block_end = layer.input_blocks;
  call.tile_stride = division.tile_stride;
  call.frequency_stride = division.input_stride;
  if (division.by_channels) {
    run_by_channels(layer, call, division, output);
  } else {
    run_by_tiles(layer, call, division, output);
  }
}

void Convolver::store(const Layer& layer, const LayerInput& input, const Map& output,
                      ChannelMoments* moments) {
  const Lattice& lattice = layer.lattice;
  const int rows = steps_of(output.rows - lattice.row, lattice.row_step);
  const int columns = steps_of(output.columns - lattice.column, lattice.column_step);
  const int outputs = shape_of(layer.scheme).outputs;
  const int tile_columns = steps_of(columns, outputs);
  const std::int64_t tiles = static_cast<std::int64_t>(steps_of(rows, outputs)) * tile_columns;
  const std::int64_t tile_blocks = (tiles + kTileBlock - 1) / kTileBlock;
  if (moments != nullptr) moments_.resize(static_cast<std::size_t>(tile_blocks * layer.output_blocks));
  const bool apart = lattice.row_step > 1 || lattice.column_step > 1;
  const auto store = apart ? kernels_.store_lattice : kernels_.store[static_cast<int>(layer.scheme)];
  run(layer, input, rows, columns, [&](int group, OutputCall call, std::int64_t tile_block) {
    const int first = group * kGroup;
    call.output = output.part(first, call.blocks);
    call.bias = layer.bias.data() + first * kLanes;
    call.lattice = lattice;
    if (moments != nullptr) call.moments = moments_.data() + tile_block * layer.output_blocks + first;
    store(call);
  });
  if (moments == nullptr) return;
  std::vector<std::int64_t> pixels;
  for (std::int64_t begin = 0; begin < tiles; begin += kTileBlock) {
    const Tiles part{begin, static_cast<int>(std::min<std::int64_t>(kTileBlock, tiles - begin)),
                     tile_columns};
    pixels.push_back(pixels_of(part, outputs, rows, columns));
  }
  *moments = joined_moments(moments_.data(), layer.output_blocks, pixels);
}

void Convolver::blend(const Layer& layer, const LayerInput& input, int rows, int columns,
                      const BlendTarget& target) {
  run(layer, input, rows, columns, [&](int group, const OutputCall& call, std::int64_t) {
    BlendCall blend{call, target.sums, target.row, target.column, target.weights};
    blend.output.output = {nullptr, call.blocks, rows, columns};
    blend.sums = target.sums.part(group * kGroup, call.blocks);
    kernels_.blend[static_cast<int>(layer.scheme)](blend);
  });
}

}  // namespace musclemap::infer::native
