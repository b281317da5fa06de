// Runs layers on maps: divides the work over threads, holds the scratch memory.
#ifndef MUSCLEMAP_INFER_NATIVE_CONVOLVER_HPP_
#define MUSCLEMAP_INFER_NATIVE_CONVOLVER_HPP_

#include <cstdint>
#include <functional>
#include <vector>

#include "base/aligned.hpp"
#include "base/worker_pool.hpp"
#include "infer/native/division.hpp"
#include "infer/native/kernels.hpp"
#include "infer/native/layer.hpp"
#include "infer/native/moments.hpp"

namespace musclemap::infer::native {

struct DepthStrides;

/// What a layer reads: a blocked map, or the image itself for Scheme::image.
struct LayerInput {
  Map map;
  Activation activation;
  const float* image = nullptr;  ///< [channel][plane][row][column], of the extent of `map`
  int image_channels = 0;
  Repeats repeats;  ///< of the map's pixels; of layers of two axes whose scheme transforms
  Extent extent() const { return repeats.of(map.extent()); }
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

  /// Fills `output`, or those of its pixels that lie on the layer's phases. Moments on request, of layers
  /// that fill the whole of it in one phase. `added`: a map that is added to the outputs; of layers of two
  /// axes whose scheme transforms, without moments.
  void store(const Layer& layer, const LayerInput& input, const Map& output, ChannelMoments* moments,
             const LayerInput* added = nullptr);
  /// Adds the weighted outputs, a window of `rows` x `columns`, to a slice; the bias is left out. Of layers
  /// of two axes.
  void blend(const Layer& layer, const LayerInput& input, int rows, int columns, const BlendTarget& target);
  /// Of a layer with so many outputs.
  static Scratch scratch(const Layer& layer, const Extent& output, int image_channels, int threads);

 private:
  /// Hands the products of a group of output blocks and some tiles of a plane on.
  using Output = std::function<void(int group, int plane, const OutputCall& call)>;

  struct Strides {
    int tiles = 0;              ///< of `transformed`
    std::int64_t input = 0;     ///< floats between the frequencies of inputs
    std::int64_t products = 0;  ///< and of products
  };

  // In planes: tiles of one plane are all that a product takes (convolver.cpp).
  static Scratch scratch_of(const Layer& layer, const Division& division, int image_channels, int threads);
  static bool by_channels(const Layer& layer, const Division& division, int threads);
  static Strides strides(const Layer& layer, const Division& division, bool by_channels);
  void run(const Layer& layer, const LayerInput& input, const Division& division, const Output& output);
  void run_by_tiles(const Layer& layer, const LayerInput& input, const Division& division,
                    const Output& output);
  void run_by_channels(const Layer& layer, const LayerInput& input, const Division& division,
                       const Output& output);
  void convolve_image(const Layer& layer, const LayerInput& input, const Tiles& tiles, int group,
                      float* scratch) const;
  InputCall input_call(const Layer& layer, const LayerInput& input, const Strides& strides) const;
  void transform(const Layer& layer, const InputCall& call) const;
  void multiply(const Layer& layer, const InputCall& input, int group, int tiles, float* products,
                std::int64_t product_stride) const;

  // Along planes as well (depth_convolver.cpp).
  void run_by_columns(const Layer& layer, const LayerInput& input, const Division& division,
                      const Output& output);
  void run_by_frequencies(const Layer& layer, const LayerInput& input, const Division& division,
                          const Output& output);
  void transform_depth(const Layer& layer, const float* const (&panels)[kMostInputs], int row,
                       float* transformed, const DepthStrides& strides) const;
  void multiply_depth(const Layer& layer, int group, int frequency, int tiles, const float* inputs,
                      float* products, const DepthStrides& strides) const;

  const Kernels& kernels_;
  base::WorkerPool& pool_;
  std::vector<base::AlignedFloats> scratch_;
  base::AlignedFloats shared_;
  std::vector<Moments> moments_;
};

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_CONVOLVER_HPP_
