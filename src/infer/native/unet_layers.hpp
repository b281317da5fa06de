// The layers of a UNet with weights ready for products, whatever the size of the window.
#ifndef MUSCLEMAP_INFER_NATIVE_UNET_LAYERS_HPP_
#define MUSCLEMAP_INFER_NATIVE_UNET_LAYERS_HPP_

#include <optional>
#include <string>
#include <vector>

#include "infer/native/layer.hpp"
#include "infer/native/norm_layer.hpp"
#include "infer/network.hpp"

namespace musclemap::infer::native {

/// A convolution and the norm and activation behind it.
struct NormalisedLayer {
  Layer layer;
  NormLayer norm;
};

/// Encoder block, or the bottom: convolutions with norm and activation beside a shortcut.
struct DownLayers {
  /// Its outputs: `blocks` of the main path, then those of the shortcut if there is one.
  NormalisedLayer first;
  std::vector<NormalisedLayer> more;  ///< the other units of the main path
  std::optional<Layer> pointwise;     ///< shortcut of the bottom
  bool shortcut_in_first = false;
  bool identity = false;  ///< the shortcut is the input itself
  int blocks = 0;         ///< of 16 channels, of the output
};

/// Decoder block: a transposed convolution, and a residual unit if there are any. At the top there is neither
/// norm nor activation behind the last layer, and the unit's shortcut is part of its weights.
struct UpLayers {
  NormalisedLayer transposed;
  std::optional<NormalisedLayer> unit;
  std::optional<Layer> unit_taps;  ///< of the top alone: the unit as a product of nine maps
};

struct UNetLayers {
  std::vector<DownLayers> down;  ///< levels, then the bottom
  std::vector<UpLayers> up;      ///< one a level, top first
  int in_channels = 1;
  int out_channels = 0;

  /// The layer that gives the logits.
  const Layer& last() const { return up[0].unit ? up[0].unit->layer : up[0].transposed.layer; }
};

/// Empty if the engine can run it, else why not.
std::string why_not_native(const UNetSpec& spec);

/// `weights` as net::monai_unet(spec).parameters lists them.
UNetLayers prepare_unet(const UNetSpec& spec, const net::StateDict& weights, int threads);

/// Turns the weights of every layer that allows it into split numbers.
void split_weights(UNetLayers* layers);

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_UNET_LAYERS_HPP_
