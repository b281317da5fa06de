#include "infer/native/convolver.hpp"

#include <algorithm>

#include "infer/native/depth_convolver.hpp"

namespace musclemap::infer::native {
namespace {

// Tiles whose transformed inputs and products stay in the second cache together.
constexpr int kTileBlock = 48;
// Maps of so few tiles are divided by channels, or every block of tiles would read all weights.
constexpr std::int64_t kFewTiles = 128;

// Bytes of a map that no cache holds until the next layer reads them.
constexpr std::int64_t kPastCaches = std::int64_t{32} << 20;

Division division_of(const Layer& layer, const Extent& output) {
  return Division(layer, output, layer.depth == Scheme::pointwise ? kTileBlock : depth_block(layer, output));
}

}  // namespace

bool Convolver::by_channels(const Layer& layer, const Division& division, int threads) {
  return division.extent.planes == 1 && division.tiles <= kFewTiles && layer.groups() >= threads &&
         layer.scheme != Scheme::image;
}

Convolver::Strides Convolver::strides(const Layer& layer, const Division& division, bool by_channels) {
  Strides strides;
  strides.tiles = by_channels ? static_cast<int>(whole_units(division.tiles)) : division.block;
  const std::int64_t tile_floats = std::int64_t{strides.tiles} * kLanes;
  strides.input = padded(layer.input_blocks * tile_floats);
  strides.products = padded(kGroup * tile_floats);
  return strides;
}

Scratch Convolver::scratch(const Layer& layer, const Extent& output, int image_channels, int threads) {
  return scratch_of(layer, division_of(layer, output), image_channels, threads);
}

Scratch Convolver::scratch_of(const Layer& layer, const Division& division, int image_channels, int threads) {
  if (layer.depth != Scheme::pointwise) return depth_scratch(layer, division);
  const bool channels = by_channels(layer, division, threads);
  const Strides strides = Convolver::strides(layer, division, channels);
  Scratch scratch;
  scratch.of_thread = frequencies_of(layer) * strides.products;
  if (layer.scheme == Scheme::image) {
    // Products of more tiles than there are: ImageCall::products.
    scratch.of_thread +=
        std::int64_t{kTileUnit} * kGroup * kLanes + image_row_floats(image_channels, layer.taps, kTileBlock);
    return scratch;
  }
  (channels ? scratch.shared : scratch.of_thread) += frequencies_of(layer) * strides.input;
  return scratch;
}

void Convolver::transform(const Layer& layer, const InputCall& call) const {
  const auto scheme = static_cast<int>(layer.scheme);
  (layer.split ? kernels_.input_split[scheme] : kernels_.input[scheme])(call);
}

InputCall Convolver::input_call(const Layer& layer, const LayerInput& input, const Strides& strides) const {
  InputCall call;
  call.input = layer.scheme == Scheme::pointwise ? input.map.flat() : input.map;
  call.repeats = input.repeats;
  call.activation = input.activation;
  call.taps = layer.taps;
  call.block_end = layer.input_blocks;
  call.tile_stride = strides.tiles;
  call.frequency_stride = strides.input;
  return call;
}

// Frequencies that take the same weights are multiplied together.
void Convolver::multiply(const Layer& layer, const InputCall& input, int group, int tiles, float* products,
                         std::int64_t product_stride) const {
  const SchemeShape shape = shape_of(layer.scheme);
  ProductCall call;
  call.input_stride = static_cast<std::int64_t>(input.tile_stride) * kLanes;
  call.input_blocks = layer.input_blocks;
  call.output_blocks = layer.blocks_of_group(group);
  call.tiles = layer.split ? static_cast<int>(whole_units(tiles)) : whole_tiles(tiles, call.output_blocks);
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
      call.next = call.weights + weights_size;
      (layer.split ? kernels_.multiply_split : kernels_.multiply)(call);
      call.weights += weights_size;
    }
  }
}

void Convolver::convolve_image(const Layer& layer, const LayerInput& input, const Tiles& tiles, int group,
                               float* scratch) const {
  ImageCall call;
  call.image = input.image;
  call.channels = input.image_channels;
  call.activation = input.activation;
  call.extent = input.map.extent();
  call.taps = layer.taps;
  call.tiles = tiles;
  call.weights = layer.weights_of_group(group);
  call.blocks = layer.blocks_of_group(group);
  call.products = scratch;
  call.rows = scratch + std::int64_t{kTileBlock + kTileUnit} * kGroup * kLanes;
  kernels_.image(call);
}

void Convolver::run_by_tiles(const Layer& layer, const LayerInput& input, const Division& division,
                             const Output& output) {
  const Strides strides = Convolver::strides(layer, division, false);
  const std::int64_t input_size = layer.scheme == Scheme::image ? 0 : frequencies_of(layer) * strides.input;
  pool_.run(division.parts(), [&](std::int64_t part, int worker) {
    const auto plane = static_cast<int>(part / division.blocks());
    OutputCall out;
    out.tiles = division.tiles_of(part % division.blocks());
    out.frequency_stride = strides.products;
    InputCall call = input_call(layer, input, strides);
    if (!division.flat) call.input = input.map.plane(plane);
    call.tiles = out.tiles;
    call.transformed = scratch_[static_cast<std::size_t>(worker)].data();
    float* products = call.transformed + input_size;
    if (layer.scheme != Scheme::image) transform(layer, call);
    for (int group = 0; group < layer.groups(); ++group) {
      if (layer.scheme == Scheme::image) {
        convolve_image(layer, input, out.tiles, group, products);
      } else {
        multiply(layer, call, group, out.tiles.count, products, strides.products);
      }
      out.products = products;
      out.blocks = layer.blocks_of_group(group);
      output(group, plane, out);
    }
  });
}

void Convolver::run_by_channels(const Layer& layer, const LayerInput& input, const Division& division,
                                const Output& output) {
  const Strides strides = Convolver::strides(layer, division, true);
  InputCall all = input_call(layer, input, strides);
  all.tiles = division.all_tiles();
  all.transformed = shared_.data();
  pool_.run(layer.input_blocks, [&](std::int64_t block, int) {
    InputCall call = all;
    call.block_begin = static_cast<int>(block);
    call.block_end = call.block_begin + 1;
    transform(layer, call);
  });
  pool_.run(layer.groups(), [&](std::int64_t item, int worker) {
    const auto group = static_cast<int>(item);
    float* products = scratch_[static_cast<std::size_t>(worker)].data();
    multiply(layer, all, group, all.tiles.count, products, strides.products);
    OutputCall out;
    out.frequency_stride = strides.products;
    out.blocks = layer.blocks_of_group(group);
    for (std::int64_t block = 0; block < division.blocks(); ++block) {
      out.tiles = division.tiles_of(block);
      out.products = products + out.tiles.begin * out.blocks * kLanes;
      output(group, 0, out);
    }
  });
}

void Convolver::run(const Layer& layer, const LayerInput& input, const Division& division,
                    const Output& output) {
  const Scratch scratch = scratch_of(layer, division, input.image_channels, pool_.threads());
  const auto need = [](base::AlignedFloats& memory, std::int64_t floats) {
    if (memory.size() < floats) memory = base::AlignedFloats(floats);
  };
  scratch_.resize(static_cast<std::size_t>(pool_.threads()));
  for (base::AlignedFloats& memory : scratch_) need(memory, scratch.of_thread);
  need(shared_, scratch.shared);
  if (layer.depth != Scheme::pointwise) {
    if (by_frequencies(division)) {
      run_by_frequencies(layer, input, division, output);
    } else {
      run_by_columns(layer, input, division, output);
    }
  } else if (by_channels(layer, division, pool_.threads())) {
    run_by_channels(layer, input, division, output);
  } else {
    run_by_tiles(layer, input, division, output);
  }
}

void Convolver::store(const Layer& layer, const LayerInput& input, const Map& output, ChannelMoments* moments,
                      const LayerInput* added) {
  const Lattice& first = layer.phases[0];
  const Extent extent{steps_of(output.planes - first.plane, first.plane_step),
                      steps_of(output.rows - first.row, first.row_step),
                      steps_of(output.columns - first.column, first.column_step)};
  const Division division = division_of(layer, extent);
  if (moments != nullptr) moments_.resize(static_cast<std::size_t>(division.parts() * layer.output_blocks));
  const bool past_caches =
      output.blocks * output.extent().pixels() * kLanes * std::int64_t{sizeof(float)} > kPastCaches;
  const bool apart = first.plane_step > 1 || first.row_step > 1 || first.column_step > 1;
  const auto store = apart ? kernels_.store_lattice : kernels_.store[static_cast<int>(layer.scheme)];
  run(layer, input, division, [&](int group, int plane, OutputCall call) {
    const int block = layer.first_block(group);
    call.output = output.part(block, call.blocks);
    if (!apart) call.output = division.flat ? call.output.flat() : call.output.plane(plane);
    call.past_caches = past_caches;
    call.bias = layer.bias.data() + block * kLanes;
    call.lattice = layer.phase_of(group);
    if (added != nullptr) {
      call.added = added->map.part(block, call.blocks).plane(plane);
      call.added_repeats = added->repeats;
      call.added_activation = added->activation.from_block(block);
    }
    if (moments != nullptr) {
      const std::int64_t part = plane * division.blocks() + call.tiles.begin / division.block;
      call.moments = moments_.data() + part * layer.output_blocks + block;
    }
    store(call);
  });
  if (moments == nullptr) return;
  std::vector<std::int64_t> pixels;
  for (std::int64_t part = 0; part < division.parts(); ++part) {
    pixels.push_back(division.pixels_of(division.tiles_of(part % division.blocks())));
  }
  *moments = joined_moments(moments_.data(), layer.output_blocks, pixels);
}

void Convolver::blend(const Layer& layer, const LayerInput& input, int rows, int columns,
                      const BlendTarget& target) {
  const Extent extent{1, rows, columns};
  run(layer, input, division_of(layer, extent), [&](int group, int, const OutputCall& call) {
    BlendCall blend{call, target.sums, target.row, target.column, target.weights};
    blend.output.output = whole_map(nullptr, call.blocks, extent);
    blend.sums = target.sums.part(layer.first_block(group), call.blocks);
    kernels_.blend[static_cast<int>(layer.scheme)](blend);
  });
}

}  // namespace musclemap::infer::native
