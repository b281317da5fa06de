#include "infer/native/layer_schemes.hpp"

#include <algorithm>
#include <utility>

namespace musclemap::infer::native {
namespace {

using net::LayerKind;

bool has_taps(const net::Layer& layer, int kernel, int stride, int padding) {
  return std::all_of(layer.taps.begin(), layer.taps.end(), [&](const net::Taps& taps) {
    return taps.kernel == kernel && taps.stride == stride && taps.padding == padding;
  });
}

std::vector<Layer> only(Layer layer) {
  std::vector<Layer> layers;
  layers.push_back(std::move(layer));
  return layers;
}

}  // namespace

TapGrid tap_grid(const net::Layer& layer) {
  const net::Taps& rows = layer.taps[0];
  const net::Taps& columns = layer.taps[1];
  return {rows.kernel, columns.kernel, -rows.padding, -columns.padding, rows.stride, columns.stride};
}

bool reads_image(const net::Layer& layer, const ChannelMap& channels) {
  return layer.kind == LayerKind::convolution && channels.size() == kLanes && channels.back() < 0;
}

bool is_three_by_three(const net::Layer& layer) {
  return layer.kind == LayerKind::convolution && has_taps(layer, 3, 1, 1);
}

std::vector<Layer> make_layers(const net::Layer& layer, const std::vector<LayerWeights>& parts,
                               const ConvolutionInput& input, int threads) {
  const auto with = [&](Scheme scheme) { return only(make_layer(scheme, parts, input.channels, threads)); };
  if (layer.kind == LayerKind::linear) return with(Scheme::pointwise);
  const TapGrid taps = tap_grid(layer);
  if (layer.kind == LayerKind::transposed_convolution) {
    if (has_taps(layer, 3, 2, 1)) return with(Scheme::up2);
    return make_transposed_layers(parts[0], input.channels, taps, threads);
  }
  if (input.image) {
    const auto filled = std::count(input.channels.begin(), input.channels.end(), -1);
    return only(make_image_layer(parts, static_cast<int>(kLanes - filled), taps, threads));
  }
  if (has_taps(layer, 1, 1, 0)) return with(Scheme::pointwise);
  if (has_taps(layer, 3, 1, 1)) return with(input.bottom ? Scheme::winograd2 : Scheme::winograd4);
  if (has_taps(layer, 3, 2, 1)) return with(Scheme::down2);
  return only(make_gather_layer(parts, input.channels, taps, {}, threads));
}

Layer make_taps(const LayerWeights& part, const ChannelMap& channels, int threads) {
  return make_gather_layer({part}, channels, {3, 3, -1, -1, 1, 1}, {}, threads);
}

}  // namespace musclemap::infer::native
