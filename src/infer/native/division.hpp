// How the outputs of a layer are divided into tiles, and tiles into the blocks that one thread computes.
#ifndef MUSCLEMAP_INFER_NATIVE_DIVISION_HPP_
#define MUSCLEMAP_INFER_NATIVE_DIVISION_HPP_

#include <algorithm>
#include <cstdint>

#include "infer/native/kernels.hpp"
#include "infer/native/layer.hpp"

namespace musclemap::infer::native {

constexpr int steps_of(int pixels, int step) { return (pixels + step - 1) / step; }

/// Along one axis.
constexpr int frequencies_of(const Layer& layer) {
  return shape_of(layer.scheme).frequencies * shape_of(layer.scheme).frequencies;
}

/// One line more than a power of two, or all frequencies of a tile would fall into one set of the cache.
constexpr std::int64_t padded(std::int64_t floats) { return floats + kLanes; }

/// Planes of tiles. Those of schemes that do not look at neighbours are divided as one plane of all rows. The
/// same for any number of threads: moments are summed part by part, a part being the tiles of one block on
/// one plane of outputs.
struct Division {
  bool flat = false;
  int outputs = 1;  ///< of a tile along one axis
  Extent extent;    ///< what is divided: planes, and rows and columns of each
  int rows = 0;     ///< of a plane of the layer's output
  int tile_columns = 0;
  std::int64_t tiles = 0;  ///< of a plane
  int block = 0;           ///< tiles of a block

  /// Of a layer that gives so many outputs.
  Division(const Layer& layer, const Extent& output, int tiles_of_block)
      : flat(layer.depth == Scheme::pointwise &&
             (layer.scheme == Scheme::pointwise || layer.scheme == Scheme::taps ||
              layer.scheme == Scheme::image)),
        outputs(shape_of(layer.scheme).outputs),
        extent(flat ? Extent{1, output.planes * output.rows, output.columns} : output),
        rows(output.rows),
        tile_columns(steps_of(extent.columns, outputs)),
        tiles(std::int64_t{steps_of(extent.rows, outputs)} * tile_columns),
        block(tiles_of_block) {}

  std::int64_t blocks() const { return (tiles + block - 1) / block; }
  std::int64_t parts() const { return extent.planes * blocks(); }
  Tiles tiles_of(std::int64_t index) const {
    const std::int64_t begin = index * block;
    return {begin, static_cast<int>(std::min<std::int64_t>(block, tiles - begin)), tile_columns, rows};
  }
  Tiles all_tiles() const { return {0, static_cast<int>(tiles), tile_columns, rows}; }
  /// Outputs of those tiles on one plane.
  std::int64_t pixels_of(const Tiles& some) const {
    std::int64_t pixels = 0;
    for (std::int64_t tile = some.begin; tile < some.begin + some.count; ++tile) {
      const int row = static_cast<int>(tile / tile_columns) * outputs;
      const int column = static_cast<int>(tile % tile_columns) * outputs;
      pixels += static_cast<std::int64_t>(std::min(outputs, extent.rows - row)) *
                std::min(outputs, extent.columns - column);
    }
    return pixels;
  }
};

/// Floats that layers take beside their maps.
struct Scratch {
  std::int64_t of_thread = 0;
  std::int64_t shared = 0;

  void cover(const Scratch& other) {
    of_thread = std::max(of_thread, other.of_thread);
    shared = std::max(shared, other.shared);
  }
};

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_DIVISION_HPP_
