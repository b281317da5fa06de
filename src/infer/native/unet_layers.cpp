#include "infer/native/unet_layers.hpp"

#include <map>
#include <utility>

namespace musclemap::infer::native {
namespace {

class Builder {
 public:
  Builder(const UNetSpec& spec, const net::StateDict& weights, int threads)
      : spec_(spec), weights_(weights), threads_(threads) {
    for (const net::NamedTensor& named : weights) tensors_[named.name] = &named.tensor;
  }

  DownLayers down(const std::string& prefix, int channels, bool top, bool bottom, int units,
                  const ChannelMap& inputs) const {
    DownLayers layers;
    layers.blocks = blocks_of(channels);
    const std::string first = prefix + (units == 0 ? ".conv" : ".conv.unit0.conv");
    std::vector<LayerWeights> parts = {normalised(first)};
    const bool shortcut = tensors_.count(prefix + ".residual.weight") != 0;
    layers.identity = units > 0 && !shortcut;
    layers.shortcut_in_first = shortcut && !bottom;
    if (layers.shortcut_in_first) parts.push_back(plain(prefix + ".residual"));
    Layer layer = top ? make_image_layer(parts, spec_.in_channels, {3, 3, -1, -1, 2, 2}, threads_)
                      : make_layer(bottom ? Scheme::winograd2 : Scheme::down2, parts, inputs, threads_);
    layers.first = {std::move(layer), norm(first, channels)};
    if (shortcut && bottom) {
      layers.pointwise = make_layer(Scheme::pointwise, {plain(prefix + ".residual")}, inputs, threads_);
    }
    for (int unit = 1; unit < units; ++unit) {
      const std::string name = prefix + ".conv.unit" + std::to_string(unit) + ".conv";
      const Scheme scheme = bottom ? Scheme::winograd2 : Scheme::winograd4;
      layers.more.push_back(
          {make_layer(scheme, {normalised(name)}, whole_blocks(channels), threads_), norm(name, channels)});
    }
    return layers;
  }

  UpLayers up(const std::string& prefix, int channels, bool top, int units, const ChannelMap& inputs) const {
    UpLayers layers;
    const std::string name = prefix + (units == 0 ? ".conv" : ".0.conv");
    LayerWeights transposed = top && units == 0 ? plain(name) : normalised(name);
    transposed.transposed = true;
    layers.transposed = {make_layer(Scheme::up2, {transposed}, inputs, threads_), norm(name, channels)};
    if (units == 0) return layers;
    const std::string unit_name = prefix + ".1.conv.unit0.conv";
    LayerWeights unit = top ? plain(unit_name) : normalised(unit_name);
    unit.add_identity = top;
    layers.unit = {make_layer(Scheme::winograd4, {unit}, whole_blocks(channels), threads_),
                   norm(unit_name, channels)};
    if (top)
      layers.unit_taps =
          make_gather_layer({unit}, whole_blocks(channels), {3, 3, -1, -1, 1, 1}, {}, threads_);
    return layers;
  }

 private:
  LayerWeights plain(const std::string& name) const {
    LayerWeights part;
    part.weight = tensors_.at(name + ".weight");
    part.bias = tensors_.at(name + ".bias");
    return part;
  }

  // Instance norm takes away whatever a bias adds; batch norm takes it in.
  LayerWeights normalised(const std::string& name) const {
    LayerWeights part;
    part.weight = tensors_.at(name + ".weight");
    return part;
  }

  NormLayer norm(const std::string& convolution, int channels) const {
    return make_norm(spec_, weights_, convolution, channels);
  }

  const UNetSpec& spec_;
  const net::StateDict& weights_;
  std::map<std::string, const net::Tensor*> tensors_;
  int threads_;
};

}  // namespace

std::string why_not_native(const UNetSpec& spec) {
  if (spec.channels.empty()) return "the network is a program, not a described UNet";
  for (const int stride : spec.strides) {
    if (stride != 2)
      return "the UNet has a stride of " + std::to_string(stride) + "; the native engine runs 2";
  }
  return {};
}

UNetLayers prepare_unet(const UNetSpec& spec, const net::StateDict& weights, int threads) {
  const Builder builder(spec, weights, threads);
  const int units = spec.num_res_units;
  const std::size_t levels = spec.strides.size();
  UNetLayers layers;
  layers.in_channels = spec.in_channels;
  layers.out_channels = spec.out_channels;
  std::vector<std::string> prefixes = {"model"};
  for (std::size_t level = 0; level <= levels; ++level) {
    const bool bottom = level == levels;
    const int inputs = level == 0 ? spec.in_channels : spec.channels[level - 1];
    layers.down.push_back(builder.down(prefixes[level] + (bottom ? "" : ".0"), spec.channels[level],
                                       level == 0, bottom, units, whole_blocks(inputs)));
    prefixes.push_back(prefixes[level] + ".1.submodule");
  }
  for (std::size_t level = 0; level < levels; ++level) {
    const int skip = spec.channels[level];
    const int below = level + 1 == levels ? spec.channels[level + 1] : skip;
    const int outputs = level == 0 ? spec.out_channels : spec.channels[level - 1];
    ChannelMap joined = whole_blocks(skip);
    for (const int channel : whole_blocks(below)) joined.push_back(channel < 0 ? -1 : skip + channel);
    layers.up.push_back(builder.up(prefixes[level] + ".2", outputs, level == 0, units, joined));
  }
  return layers;
}

void split_weights(UNetLayers* layers) {
  for (DownLayers& down : layers->down) {
    split_weights(&down.first.layer);
    for (NormalisedLayer& unit : down.more) split_weights(&unit.layer);
    if (down.pointwise) split_weights(&*down.pointwise);
  }
  for (UpLayers& up : layers->up) {
    split_weights(&up.transposed.layer);
    if (up.unit) split_weights(&up.unit->layer);
    if (up.unit_taps) split_weights(&*up.unit_taps);
  }
}

}  // namespace musclemap::infer::native
