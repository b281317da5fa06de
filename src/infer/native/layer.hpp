// A convolution with its weights ready for products.
#ifndef MUSCLEMAP_INFER_NATIVE_LAYER_HPP_
#define MUSCLEMAP_INFER_NATIVE_LAYER_HPP_

#include <vector>

#include "base/aligned.hpp"
#include "infer/native/kernels.hpp"
#include "net/tensor.hpp"

namespace musclemap::infer::native {

constexpr int blocks_of(int channels) { return static_cast<int>((channels + kLanes - 1) / kLanes); }

/// Which channel of a weight array a channel of the blocked map is; -1: none, it only fills a block.
using ChannelMap = std::vector<int>;

/// Channels 0, 1, .. filled up to whole blocks.
ChannelMap whole_blocks(int channels);

/// Weights as the state dict has them. Convolutions: (out, in, rows, columns); transposed ones: (in, out,
/// rows, columns); linear layers: (out, in).
struct LayerWeights {
  const net::Tensor* weight = nullptr;
  const net::Tensor* bias = nullptr;  ///< null: left out, because a normalisation follows
  bool transposed = false;
  bool add_identity = false;  ///< the layer's input is added to its output: 1 at the middle tap

  int outputs() const { return static_cast<int>(weight->shape[transposed ? 1 : 0]); }
  int rows() const { return weight->shape.size() > 2 ? static_cast<int>(weight->shape[2]) : 1; }
  int columns() const { return weight->shape.size() > 3 ? static_cast<int>(weight->shape[3]) : 1; }
  double value(int output, int input, int row, int column) const;
};

struct Layer {
  Scheme scheme = Scheme::pointwise;
  TapGrid taps;          ///< of schemes that gather
  Lattice lattice;       ///< the output pixels that it gives
  int input_blocks = 0;  ///< of the product
  int output_blocks = 0;
  base::AlignedFloats weights;  ///< [group of kGroup output blocks][weight of the scheme][input][output]
  base::AlignedFloats bias;     ///< one value per output channel; empty: none
  bool split = false;           ///< `weights` are split numbers

  int groups() const { return (output_blocks + kGroup - 1) / kGroup; }
  int blocks_of_group(int group) const;
  /// Floats of the groups before the one that begins with an output block.
  std::int64_t weights_before(int output_block) const;
  const float* weights_of_group(int group) const;
};

/// Of schemes that do not gather. `parts` are layers of one input whose outputs lie one behind the other,
/// each filled up to whole blocks. `threads` share the work.
Layer make_layer(Scheme scheme, const std::vector<LayerWeights>& parts, const ChannelMap& inputs,
                 int threads);

/// Turns the weights into split numbers, where inputs come in pairs of blocks and are transformed at all.
void split_weights(Layer* layer);

/// Scheme::taps. Tap (i, j) of the grid is (row + i row_step, column + j column_step) of the kernel.
Layer make_gather_layer(const std::vector<LayerWeights>& parts, const ChannelMap& inputs, const TapGrid& taps,
                        const Lattice& kernel, int threads);

/// A transposed convolution of any kernel and stride, row step by column step of them in `steps`; its kernel
/// is no smaller. A layer for each of the phases that the output pixels have between two inputs: where the
/// steps are 2, even and odd rows and columns.
std::vector<Layer> make_transposed_layers(const LayerWeights& part, const ChannelMap& inputs,
                                          const TapGrid& taps, int threads);

/// Scheme::image: the inputs are the channels of an image.
Layer make_image_layer(const std::vector<LayerWeights>& parts, int channels, const TapGrid& taps,
                       int threads);

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_LAYER_HPP_
