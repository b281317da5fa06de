// Convolutions of three axes. A plane is transformed along rows and columns once; then, for each of its
// frequencies, the planes of a tile are transformed along planes, multiplied and transformed back, and the
// finished planes are transformed back along rows and columns. What lies between the two is small enough for
// the caches: a few planes of some tiles.
#include "infer/native/depth_convolver.hpp"

#include <algorithm>
#include <array>

#include "infer/native/convolver.hpp"

namespace musclemap::infer::native {
namespace {

// Tiles of a plane whose transformed planes stay in the second cache.
constexpr int kColumnTiles = 48;
constexpr int kFewColumnTiles = 24;
constexpr std::int64_t kColumnFloats = std::int64_t{1} << 19;
// Planes of so few tiles go by frequencies.
constexpr std::int64_t kFewTilesOfPlane = 64;
// Tiles that go through one product there: the more, the less often weights are read.
constexpr std::int64_t kTilesTogether = 128;
// Columns of tiles are cut into so many pieces of work at least, each of some tiles along planes.
constexpr std::int64_t kPieces = 16;
constexpr int kDepthOfPiece = 4;

int depth_tiles(const Layer& layer, const Division& division) {
  return steps_of(division.extent.planes, shape_of(layer.depth).outputs);
}

// Tiles along planes that go by frequencies together.
int depth_together(const Layer& layer, const Division& division) {
  const auto fit = static_cast<int>(std::max<std::int64_t>(1, kTilesTogether / division.tiles));
  return std::min(fit, depth_tiles(layer, division));
}

// Lines of a map that some tiles see of some planes, fetched into the second cache while others are
// multiplied: planes lie too far from each other for the machine to foresee them.
class NextPlanes {
 public:
  NextPlanes(const Layer& layer, const Map& map, const Tiles& tiles, int first, int count)
      : map_(map), first_(std::max(first, 0)), planes_(std::min(first + count, map.planes) - first_) {
    const SchemeShape shape = shape_of(layer.scheme);
    const std::int64_t last = tiles.begin + tiles.count - 1;
    const auto row = static_cast<int>(tiles.begin / tiles.columns);
    const auto last_row = static_cast<int>(last / tiles.columns);
    row_ = std::max(row * shape.step + shape.first, 0);
    rows_ = std::min(last_row * shape.step + shape.first + shape.inputs, map.rows) - row_;
    const bool one = row == last_row;
    const auto column = one ? static_cast<int>(tiles.begin % tiles.columns) : 0;
    const auto last_column = one ? static_cast<int>(last % tiles.columns) : tiles.columns - 1;
    column_ = std::max(column * shape.step + shape.first, 0);
    columns_ = std::min(last_column * shape.step + shape.first + shape.inputs, map.columns) - column_;
  }

  // Share `part` of `parts`.
  void fetch(int part, int parts) const {
    if (planes_ <= 0) return;
    const std::int64_t lines = std::int64_t{planes_} * map_.blocks * rows_;
    for (std::int64_t line = lines * part / parts; line < lines * (part + 1) / parts; ++line) {
      const Map plane = map_.plane(first_ + static_cast<int>(line / (std::int64_t{map_.blocks} * rows_)));
      const std::int64_t row = row_ + line % rows_;
      const float* from =
          plane.block(static_cast<int>(line / rows_ % map_.blocks)) + (row * map_.columns + column_) * kLanes;
      for (int c = 0; c < columns_; ++c) __builtin_prefetch(from + c * kLanes, 0, 2);
    }
  }

 private:
  Map map_;
  int first_;
  int planes_;
  int row_ = 0;
  int rows_ = 0;
  int column_ = 0;
  int columns_ = 0;
};

}  // namespace

DepthStrides::DepthStrides(const Layer& layer, const Division& division)
    : tiles(division.block), together(by_frequencies(division) ? depth_together(layer, division) : 1) {
  const SchemeShape depth = shape_of(layer.depth);
  planes = (together - 1) * depth.step + depth.inputs;
  finished = together * depth.outputs;
  panel = padded(std::int64_t{layer.input_blocks} * tiles * kLanes);
  plane = padded(frequencies_of(layer) * panel);
  row = whole_units(std::int64_t{tiles} * together) * kLanes;
  inputs = padded(layer.input_blocks * row);
  products = padded(kGroup * row);
  output = padded(std::int64_t{kGroup} * tiles * kLanes);
  output_plane = padded(frequencies_of(layer) * output);
  outputs = std::int64_t{layer.groups()} * finished * output_plane;
}

int depth_block(const Layer& layer, const Extent& output) {
  const Division whole(layer, output, kColumnTiles);
  if (by_frequencies(whole)) return static_cast<int>(whole.tiles);
  const std::int64_t inputs = std::int64_t{shape_of(layer.depth).inputs} * layer.input_blocks;
  const std::int64_t outputs = std::int64_t{shape_of(layer.depth).outputs} * layer.output_blocks;
  const std::int64_t floats = frequencies_of(layer) * (inputs + outputs) * kColumnTiles * kLanes;
  return floats > kColumnFloats ? kFewColumnTiles : kColumnTiles;
}

bool by_frequencies(const Division& division) { return division.tiles <= kFewTilesOfPlane; }

Scratch depth_scratch(const Layer& layer, const Division& division) {
  const DepthStrides strides(layer, division);
  Scratch scratch;
  scratch.of_thread = shape_of(layer.depth).frequencies * (strides.inputs + strides.products);
  scratch.shared = strides.panel;
  (by_frequencies(division) ? scratch.shared : scratch.of_thread) +=
      strides.planes * strides.plane + strides.outputs;
  return scratch;
}

// Panels of the planes that a tile sees to row `row` of a product's inputs.
void Convolver::transform_depth(const Layer& layer, const float* const (&panels)[kMostInputs], int row,
                                float* transformed, const DepthStrides& strides) const {
  const SchemeShape depth = shape_of(layer.depth);
  const auto depth_at = static_cast<int>(layer.depth);
  const std::int64_t of_row = std::int64_t{strides.tiles} * kLanes;
  for (std::int64_t block = 0; block < layer.input_blocks; ++block) {
    const std::int64_t place =
        layer.split ? block / 2 * 2 * strides.row + block % 2 * kLanes / 2 : block * strides.row;
    DepthCall call;
    for (int i = 0; i < depth.inputs; ++i) call.from[i] = panels[i] + block * of_row;
    for (int i = 0; i < depth.frequencies; ++i)
      call.to[i] = transformed + i * strides.inputs + place + row * of_row;
    call.count = strides.tiles;
    call.tile_stride = static_cast<int>(strides.row / kLanes);
    (layer.split ? kernels_.depth_input_split : kernels_.depth_input)[depth_at](call);
  }
}

void Convolver::multiply_depth(const Layer& layer, int group, int frequency, int tiles, const float* inputs,
                               float* products, const DepthStrides& strides) const {
  const SchemeShape shape = shape_of(layer.scheme);
  const SchemeShape depth = shape_of(layer.depth);
  const int wy = weight_of(layer.scheme, frequency / shape.frequencies);
  const int wx = weight_of(layer.scheme, frequency % shape.frequencies);
  DepthProductCall call;
  call.inputs = inputs;
  call.frequency_inputs = strides.inputs;
  call.input_stride = strides.row;
  call.input_blocks = layer.input_blocks;
  call.output_blocks = layer.blocks_of_group(group);
  call.matrices = depth.weights;
  call.frequencies = depth.frequencies;
  const bool rows = call.output_blocks == kGroup && !layer.split;
  call.tiles = rows ? whole_rows(tiles) : static_cast<int>(whole_units(tiles));
  call.products = products;
  call.frequency_products = strides.products;
  const std::int64_t size =
      static_cast<std::int64_t>(layer.input_blocks) * kLanes * call.output_blocks * kLanes;
  call.weights = layer.weights_of_group(group) + std::int64_t{wy * shape.weights + wx} * depth.weights * size;
  (layer.split ? kernels_.multiply_depth_split : kernels_.multiply_depth)(call);
}

void Convolver::run_by_columns(const Layer& layer, const LayerInput& input, const Division& division,
                               const Output& output) {
  const SchemeShape depth = shape_of(layer.depth);
  const DepthStrides strides(layer, division);
  const int depth_count = depth_tiles(layer, division);
  const auto depth_at = static_cast<int>(layer.depth);
  const std::int64_t most = std::max(1, depth_count / kDepthOfPiece);
  const std::int64_t wanted = (kPieces + division.blocks() - 1) / division.blocks();
  const auto length = steps_of(depth_count, static_cast<int>(std::min(most, wanted)));
  const std::int64_t pieces = steps_of(depth_count, length);
  float* nothing = shared_.data();
  std::fill(nothing, nothing + strides.panel, 0.0F);
  pool_.run(division.blocks() * pieces, [&](std::int64_t item, int worker) {
    float* planes = scratch_[static_cast<std::size_t>(worker)].data();  // a ring of them
    float* transformed = planes + depth.inputs * strides.plane;
    float* products = transformed + depth.frequencies * strides.inputs;
    float* outputs = products + depth.frequencies * strides.products;
    const Tiles tiles = division.tiles_of(item / pieces);
    const auto begin = static_cast<int>(item % pieces) * length;
    const int end = std::min(begin + length, depth_count);
    int next = begin * depth.step + depth.first;  // the plane that is transformed next
    for (int z = begin; z < end; ++z) {
      const int first = z * depth.step + depth.first;
      const auto slot = [&](int plane) {
        return planes + (plane - depth.first) % depth.inputs * strides.plane;
      };
      for (next = std::max(next, first); next < first + depth.inputs; ++next) {
        if (next < 0 || next >= input.map.planes) continue;
        InputCall call;
        call.input = input.map.plane(next);
        call.activation = input.activation;
        call.tiles = tiles;
        call.block_end = layer.input_blocks;
        call.tile_stride = strides.tiles;
        call.transformed = slot(next);
        call.frequency_stride = strides.panel;
        kernels_.input[static_cast<int>(layer.scheme)](call);
      }
      const NextPlanes ahead(layer, input.map, tiles, next, depth.step);
      for (int f = 0; f < frequencies_of(layer); ++f) {
        ahead.fetch(f, frequencies_of(layer));
        const float* panels[kMostInputs] = {};
        for (int i = 0; i < depth.inputs; ++i) {
          const bool inside = first + i >= 0 && first + i < input.map.planes;
          panels[i] = inside ? slot(first + i) + f * strides.panel : nothing;
        }
        transform_depth(layer, panels, 0, transformed, strides);
        DepthCall call;
        for (int group = 0; group < layer.groups(); ++group) {
          multiply_depth(layer, group, f, tiles.count, transformed, products, strides);
          for (int i = 0; i < depth.frequencies; ++i) call.from[i] = products + i * strides.products;
          for (int i = 0; i < depth.outputs; ++i) {
            call.to[i] = outputs + (group * depth.outputs + i) * strides.output_plane + f * strides.output;
          }
          call.count = std::int64_t{layer.blocks_of_group(group)} * tiles.count;
          kernels_.depth_output[depth_at](call);
        }
      }
      for (int group = 0; group < layer.groups(); ++group) {
        OutputCall out;
        out.frequency_stride = strides.output;
        out.tiles = tiles;
        out.blocks = layer.blocks_of_group(group);
        for (int i = 0; i < depth.outputs && z * depth.outputs + i < division.extent.planes; ++i) {
          out.products = outputs + (group * depth.outputs + i) * strides.output_plane;
          output(group, z * depth.outputs + i, out);
        }
      }
    }
  });
}

void Convolver::run_by_frequencies(const Layer& layer, const LayerInput& input, const Division& division,
                                   const Output& output) {
  const SchemeShape depth = shape_of(layer.depth);
  const auto depth_at = static_cast<int>(layer.depth);
  const DepthStrides strides(layer, division);
  float* outputs = shared_.data();
  float* planes = outputs + strides.outputs;
  float* nothing = planes + strides.planes * strides.plane;
  std::fill(nothing, nothing + strides.panel, 0.0F);
  for (int z = 0; z < depth_tiles(layer, division); z += strides.together) {
    const int count = std::min(strides.together, depth_tiles(layer, division) - z);
    const int first = z * depth.step + depth.first;
    const int planes_seen = (count - 1) * depth.step + depth.inputs;
    pool_.run(std::int64_t{planes_seen} * layer.input_blocks, [&](std::int64_t item, int) {
      const auto at = static_cast<int>(item / layer.input_blocks);
      if (first + at < 0 || first + at >= input.map.planes) return;
      InputCall call;
      call.input = input.map.plane(first + at);
      call.activation = input.activation;
      call.tiles = division.all_tiles();
      call.block_begin = static_cast<int>(item % layer.input_blocks);
      call.block_end = call.block_begin + 1;
      call.tile_stride = strides.tiles;
      call.transformed = planes + at * strides.plane;
      call.frequency_stride = strides.panel;
      kernels_.input[static_cast<int>(layer.scheme)](call);
    });
    pool_.run(frequencies_of(layer), [&](std::int64_t item, int worker) {
      const auto f = static_cast<int>(item);
      float* transformed = scratch_[static_cast<std::size_t>(worker)].data();
      float* products = transformed + depth.frequencies * strides.inputs;
      for (int t = 0; t < count; ++t) {
        const float* panels[kMostInputs] = {};
        for (int i = 0; i < depth.inputs; ++i) {
          const int at = t * depth.step + i;
          const bool inside = first + at >= 0 && first + at < input.map.planes;
          panels[i] = inside ? planes + at * strides.plane + f * strides.panel : nothing;
        }
        transform_depth(layer, panels, t, transformed, strides);
      }
      const int tiles = count * strides.tiles;
      for (int group = 0; group < layer.groups(); ++group) {
        multiply_depth(layer, group, f, tiles, transformed, products, strides);
        const std::int64_t width = layer.blocks_of_group(group) * kLanes;
        for (int t = 0; t < count; ++t) {
          DepthCall call;
          for (int i = 0; i < depth.frequencies; ++i) {
            call.from[i] = products + i * strides.products + std::int64_t{t} * strides.tiles * width;
          }
          for (int i = 0; i < depth.outputs; ++i) {
            const int plane = group * strides.finished + t * depth.outputs + i;
            call.to[i] = outputs + plane * strides.output_plane + f * strides.output;
          }
          call.count = std::int64_t{layer.blocks_of_group(group)} * strides.tiles;
          kernels_.depth_output[depth_at](call);
        }
      }
    });
    const int finished = std::min(count * depth.outputs, division.extent.planes - z * depth.outputs);
    pool_.run(std::int64_t{layer.groups()} * finished, [&](std::int64_t item, int) {
      const auto group = static_cast<int>(item / finished);
      const auto plane = static_cast<int>(item % finished);
      OutputCall out;
      out.frequency_stride = strides.output;
      out.tiles = division.all_tiles();
      out.blocks = layer.blocks_of_group(group);
      out.products = outputs + (group * strides.finished + plane) * strides.output_plane;
      output(group, z * depth.outputs + plane, out);
    });
  }
}

}  // namespace musclemap::infer::native
