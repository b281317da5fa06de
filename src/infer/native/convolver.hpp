// Runs layers on maps: divides the work over threads, holds the scratch memory.
#ifndef MUSCLEMAP_INFER_NATIVE_CONVOLVER_HPP_
#define MUSCLEMAP_INFER_NATIVE_CONVOLVER_HPP_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/aligned.hpp"
#include "base/worker_pool.hpp"
#include "infer/native/kernels.hpp"
#include "infer/native/layer.hpp"
#include "infer/native/moments.hpp"

namespace musclemap::infer::native {

/// What a layer reads: a blocked map, or the image itself for Scheme::image.
struct LayerInput {
  Map map;
  Activation activation;
  const float* image = nullptr;  ///< [channel][row][column], with the rows and columns of `map`
  int image_channels = 0;
};

/// Where outputs are added to a slice; see BlendCall.
struct BlendTarget {
  Map sums;
  int row = 0;
  int column = 0;
  const float* weights = nullptr;
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

/// What is computed does not depend on the number of threads.
class Convolver {
 public:
  Convolver(const Kernels& kernels, base::WorkerPool& pool) : kernels_(kernels), pool_(pool) {}

  /// Fills `output`, or those of its pixels that lie on the layer's lattice. Moments on request, of layers
  /// that fill the whole of it.
  void store(const Layer& layer, const LayerInput& input, const Map& output, ChannelMoments* moments);
  /// Adds the weighted outputs, a window of `rows` x `columns`, to a slice; the bias is left out.
  void blend(const Layer& layer, const LayerInput& input, int rows, int columns, const BlendTarget& target);
  /// Of a layer with so many outputs.
  static Scratch scratch(const Layer& layer, int rows, int columns, int threads) {
    return divide(layer, rows, columns, threads).scratch;
  }

 private:
  /// Hands the products of a group of output blocks and some tiles on.
  using Output = std::function<void(int group, const OutputCall& call, std::int64_t tile_block)>;

  /// How a layer's work is divided.
  struct Division {
    bool by_channels = false;  ///< else by blocks of tiles
    int tile_columns = 0;
    std::int64_t tiles = 0;
    int tile_stride = 0;
    std::int64_t input_stride = 0;    ///< floats between the frequencies of inputs
    std::int64_t product_stride = 0;  ///< and of products
    Scratch scratch;
  };

  static Division divide(const Layer& layer, int rows, int columns, int threads);
  void run(const Layer& layer, const LayerInput& input, int rows, int columns, const Output& output);
  void run_by_tiles(const Layer& layer, const InputCall& input, const Division& division,
                    const Output& output);
  void run_by_channels(const Layer& layer, InputCall input, const Division& division, const Output& output);
  void transform(const Layer& layer, const InputCall& call) const;
  void multiply(const Layer& layer, const InputCall& input, int group, int tiles, float* products,
                std::int64_t product_stride) const;

  const Kernels& kernels_;
  base::WorkerPool& pool_;
  std::vector<base::AlignedFloats> scratch_;
  base::AlignedFloats shared_;
  std::vector<Moments> moments_;
};

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_CONVOLVER_HPP_
