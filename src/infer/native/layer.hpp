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
/// The channels of both, one after the other, each filled up to whole blocks.
ChannelMap whole_blocks(int first, int second);

/// Weights as the state dict has them. Convolutions: (out, in, k, k); transposed ones: (in, out, k, k).
struct LayerWeights {
  const net::Tensor* weight = nullptr;
  const net::Tensor* bias = nullptr;  ///< null: left out, because a normalisation follows
  bool transposed = false;
  bool add_identity = false;  ///< the layer's input is added to its output: 1 at the middle tap
};

struct Layer {
  Scheme scheme = Scheme::pointwise;
  int input_blocks = 0;
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

/// `parts` are layers of one input whose outputs lie one behind the other, each filled up to whole blocks.
/// `threads` share the work.
Layer make_layer(Scheme scheme, const std::vector<LayerWeights>& parts, const ChannelMap& inputs,
                 int threads);

/// Turns the weights into split numbers, where inputs come in pairs of blocks and are transformed at all.
void split_weights(Layer* layer);

/// A 3x3 layer of stride 1 as one product of nine maps: inputs are [tap][channel], taps row by row, outputs
/// those of the layer.
Layer make_tap_layer(const LayerWeights& part, const ChannelMap& inputs);

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_LAYER_HPP_
