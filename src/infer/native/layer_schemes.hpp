// Which scheme computes a convolution.
#ifndef MUSCLEMAP_INFER_NATIVE_LAYER_SCHEMES_HPP_
#define MUSCLEMAP_INFER_NATIVE_LAYER_SCHEMES_HPP_

#include <vector>

#include "infer/native/layer.hpp"
#include "net/graph.hpp"

namespace musclemap::infer::native {

/// What a convolution reads.
struct ConvolutionInput {
  ChannelMap channels;
  bool bottom = false;  ///< LayerFacts::bottom
  double scale = 1;     ///< LayerFacts::scale of the output
  bool image = false;
};

TapGrid tap_grid(const net::Layer& layer);

/// Of images of few channels, blocks of 16 would be empty for the most part.
bool reads_image(const net::Layer& layer, const ChannelMap& channels);

/// Every output sees the input at its place alone; of two or three axes.
bool is_pointwise(const net::Layer& layer);

/// 3x3 over every pixel.
bool is_three_by_three(const net::Layer& layer);

/// A convolution or a linear layer; `parts` have all the same kernel and stride as `layer`.
std::vector<Layer> make_layers(const net::Layer& layer, const std::vector<LayerWeights>& parts,
                               const ConvolutionInput& input, int threads);

/// One of 3x3 over every pixel as a product of nine maps (LinearBlend).
Layer make_taps(const LayerWeights& part, const ChannelMap& channels, int threads);

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_LAYER_SCHEMES_HPP_
