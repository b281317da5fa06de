// Runs layers on maps: divides the work over threads, holds the scratch memory.
#ifndef MUSCLEMAP_INFER_NATIVE_CONVOLVER_HPP_
#define MUSCLEMAP_INFER_NATIVE_CONVOLVER_HPP_

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

/// What is computed does not depend on the number of threads.
class Convolver {
 public:
  Convolver(const Kernels& kernels, base::WorkerPool& pool) : kernels_(kernels), pool_(pool) {}

  /// Fills `output`, or those of its pixels that lie on the layer's lattice. Moments on request, of layers
  /// that fill the whole of it.
  void store(const Layer& layer, const LayerInput& input, const Map& output, ChannelMoments* moments);
  /// Adds the weighted outputs, a window of `rows` x `columns`, to a slice; the bias is left out.
  void blend(const Layer& layer, const LayerInput& input, int rows, int columns, const BlendTarget& target);

 private:
  /// Hands the products of a group of output blocks and some tiles on.
  using Output = std::function<void(int group, const OutputCall& call, std::int64_t tile_block)>;

  void run(const Layer& layer, const LayerInput& input, int rows, int columns, const Output& output);
  void run_by_tiles(const Layer& layer, InputCall input, std::int64_t tiles, const Output& output);
  void run_by_channels(const Layer& layer, InputCall input, std::int64_t tiles, const Output& output);
  void transform(const Layer& layer, const InputCall& call) const;
  void multiply(const Layer& layer, const InputCall& input, int group, int tiles, float* products,
                std::int64_t product_stride) const;
  float* scratch(int worker, std::int64_t size);
  float* shared(std::int64_t size);

  const Kernels& kernels_;
  base::WorkerPool& pool_;
  std::vector<base::AlignedFloats> scratch_;
  base::AlignedFloats shared_;
  std::vector<Moments> moments_;
};

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_CONVOLVER_HPP_
