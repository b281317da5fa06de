// What the layers of all schemes have in common while their weights are made ready.
#ifndef MUSCLEMAP_INFER_NATIVE_LAYER_FILLER_HPP_
#define MUSCLEMAP_INFER_NATIVE_LAYER_FILLER_HPP_

#include <vector>

#include "base/parallel.hpp"
#include "infer/native/layer.hpp"

namespace musclemap::infer::native {

/// Where an output of a layer comes from.
struct OutputChannel {
  const LayerWeights* part = nullptr;  ///< null: a channel that only fills its block
  int channel = 0;
};

inline std::vector<OutputChannel> output_channels(const std::vector<LayerWeights>& parts) {
  std::vector<OutputChannel> channels;
  for (const LayerWeights& part : parts) {
    for (int c = 0; c < part.outputs(); ++c) channels.push_back({&part, c});
    channels.resize(static_cast<std::size_t>(blocks_of(static_cast<int>(channels.size())) * kLanes));
  }
  return channels;
}

inline base::AlignedFloats bias_of(const std::vector<OutputChannel>& outputs) {
  base::AlignedFloats bias(static_cast<std::int64_t>(outputs.size()));
  for (std::size_t c = 0; c < outputs.size(); ++c) {
    const OutputChannel& output = outputs[c];
    if (output.part == nullptr || output.part->bias == nullptr) continue;
    bias.data()[c] = output.part->bias->values[static_cast<std::size_t>(output.channel)];
  }
  return bias;
}

/// Fills a layer whose scheme, phases and input blocks are set. `write(outputs, input, channel, to, width)`
/// puts the weights of one input and 16 outputs where they belong: `input` counts the inputs of the map,
/// `channel` is that of the weight array, `to` the first of those outputs in a group of `width` of the first
/// phase. Weights without values make a layer without weights, for plans.
template <class Write>
Layer fill_layer(Layer layer, const std::vector<LayerWeights>& parts, const ChannelMap& inputs, int threads,
                 const Write& write) {
  const std::vector<OutputChannel> outputs = output_channels(parts);
  layer.output_blocks = static_cast<int>(outputs.size()) / kLanes;
  if (parts[0].weight->values.empty()) return layer;
  layer.weights = base::AlignedFloats(layer.weight_floats());
  layer.bias = bias_of(outputs);
  base::parallel_for(layer.output_blocks, threads, [&](std::int64_t block) {
    const auto group = static_cast<int>(block / kGroup);
    const std::int64_t width = layer.blocks_of_group(group) * kLanes;
    float* to = layer.weights.data() + layer.weights_before(group * kGroup) + block % kGroup * kLanes;
    for (std::size_t input = 0; input < inputs.size(); ++input) {
      if (inputs[input] < 0) continue;
      write(outputs.data() + block * kLanes, static_cast<int>(input), inputs[input], to, width);
    }
  });
  return layer;
}

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_LAYER_FILLER_HPP_
