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

// How large the tiles of a convolution are.
struct TileSizes {
  bool large;          // 4 outputs along an axis, of stride 1
  bool large_strided;  // and of stride 2
};

// Large tiles take fewer products, but weights of 8 or 3.4 times the size for each of them.
TileSizes tile_sizes(const ConvolutionInput& input, std::size_t axes) {
  if (axes == 2) return {!input.bottom, false};
  // Maps of 8 x 8 x 8 pixels or fewer, where windows are of 128 x 128 x 128 or fewer, have not the tiles to
  // make up for reading those weights.
  constexpr double kCoarse = 16 * 16 * 16;
  // 81 frequencies of planes are transformed faster than they are multiplied while channels are few.
  constexpr std::size_t kFewChannels = 64;
  return {input.scale < kCoarse, input.scale < kCoarse && input.channels.size() <= kFewChannels};
}

// The scheme that a convolution takes along an axis: Scheme::taps if there is none.
Scheme scheme_along(const net::Taps& taps, const TileSizes& tiles) {
  const auto is = [&](int kernel, int stride, int padding) {
    return taps.kernel == kernel && taps.stride == stride && taps.padding == padding;
  };
  if (is(1, 1, 0)) return Scheme::pointwise;
  if (is(3, 1, 1)) return tiles.large ? Scheme::winograd4 : Scheme::winograd2;
  if (is(3, 2, 1)) return tiles.large_strided ? Scheme::down4 : Scheme::down2;
  return Scheme::taps;
}

}  // namespace

TapGrid tap_grid(const net::Layer& layer) {
  const std::size_t axes = layer.taps.size();
  const net::Taps planes = axes > 2 ? layer.taps[0] : net::Taps();
  const net::Taps& rows = layer.taps[axes - 2];
  const net::Taps& columns = layer.taps[axes - 1];
  return {rows.kernel,    columns.kernel, -rows.padding,   -columns.padding, rows.stride,
          columns.stride, planes.kernel,  -planes.padding, planes.stride};
}

bool reads_image(const net::Layer& layer, const ChannelMap& channels) {
  return layer.kind == LayerKind::convolution && channels.size() == kLanes && channels.back() < 0;
}

bool is_pointwise(const net::Layer& layer) {
  return layer.kind == LayerKind::convolution && has_taps(layer, 1, 1, 0);
}

bool is_three_by_three(const net::Layer& layer) {
  return layer.kind == LayerKind::convolution && layer.taps.size() == 2 && has_taps(layer, 3, 1, 1);
}

std::vector<Layer> make_layers(const net::Layer& layer, const std::vector<LayerWeights>& parts,
                               const ConvolutionInput& input, int threads) {
  const auto with = [&](Scheme scheme, Scheme depth) {
    return only(make_layer(scheme, depth, parts, input.channels, threads));
  };
  if (layer.kind == LayerKind::linear) return with(Scheme::pointwise, Scheme::pointwise);
  const TapGrid taps = tap_grid(layer);
  const std::size_t axes = layer.taps.size();
  if (layer.kind == LayerKind::transposed_convolution) {
    if (axes == 2 && has_taps(layer, 3, 2, 1)) return with(Scheme::up2, Scheme::pointwise);
    const bool spreads = std::all_of(layer.taps.begin(), layer.taps.end(), [](const net::Taps& along) {
      return along.kernel == along.stride && along.padding == 0 && along.output_padding == 0;
    });
    if (spreads) return only(make_spread_layer(parts[0], input.channels, threads));
    return make_transposed_layers(parts[0], input.channels, taps, threads);
  }
  if (input.image) {
    const auto filled = std::count(input.channels.begin(), input.channels.end(), -1);
    return only(make_image_layer(parts, static_cast<int>(kLanes - filled), taps, threads));
  }
  const TileSizes tiles = tile_sizes(input, axes);
  const Scheme depth = axes > 2 ? scheme_along(layer.taps[0], tiles) : Scheme::pointwise;
  const Scheme rows = scheme_along(layer.taps[axes - 2], tiles);
  const Scheme columns = scheme_along(layer.taps[axes - 1], tiles);
  if (rows == columns && rows != Scheme::taps && depth != Scheme::taps &&
      (rows != Scheme::pointwise || depth == Scheme::pointwise)) {
    return with(rows, depth);
  }
  return only(make_gather_layer(parts, input.channels, taps, {}, threads));
}

Layer make_taps(const LayerWeights& part, const ChannelMap& channels, int threads) {
  return make_gather_layer({part}, channels, {3, 3, -1, -1, 1, 1}, {}, threads);
}

}  // namespace musclemap::infer::native
