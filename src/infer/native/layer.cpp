#include "infer/native/layer.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/parallel.hpp"
#include "infer/native/bfloat16.hpp"
#include "infer/native/schemes.hpp"

namespace musclemap::infer::native {
namespace {

constexpr int kTaps = 3;
constexpr std::int64_t kTapCount = 9;

// Rows of the matrix that turns the taps along one axis into the scheme's weights; see schemes.hpp.
using WeightRow = std::array<double, kTaps>;

std::vector<WeightRow> weight_transform(Scheme scheme) {
  switch (scheme) {
    case Scheme::winograd4: {
      // 1, p, p^2 over the product of the differences from the other finite points.
      constexpr double kAa = kPointA * kPointA;
      constexpr double kBb = kPointB * kPointB;
      const double n0 = kAa * kBb;
      const double na = 2 * kAa * (kAa - kBb);
      const double nb = 2 * kBb * (kBb - kAa);
      return {{1 / n0, 0, 0},
              {1 / na, kPointA / na, kAa / na},
              {1 / na, -kPointA / na, kAa / na},
              {1 / nb, kPointB / nb, kBb / nb},
              {1 / nb, -kPointB / nb, kBb / nb},
              {0, 0, 1}};
    }
    case Scheme::winograd2:
      return {{1, 0, 0}, {.5, .5, .5}, {.5, -.5, .5}, {0, 0, 1}};
    case Scheme::down2:
      return {{1, 0, 0}, {1, 0, 1}, {0, 0, 1}, {0, 1, 0}};
    case Scheme::up2:
      return {{0, 0, 1}, {1, 0, 1}, {1, 0, 0}, {0, 1, 0}};
    case Scheme::pointwise:
    case Scheme::first:
      break;
  }
  return {{0, 1, 0}};  // the middle tap
}

// Taps of 16 output channels for one input channel, [row][column][channel].
struct TapBlock {
  double values[kTaps][kTaps][kLanes] = {};
};

// Where the outputs of a layer come from.
struct OutputChannel {
  const LayerWeights* part = nullptr;  // null: a channel that only fills its block
  int channel = 0;
};

std::vector<OutputChannel> output_channels(const std::vector<LayerWeights>& parts) {
  std::vector<OutputChannel> channels;
  for (const LayerWeights& part : parts) {
    const auto count = static_cast<int>(part.weight->shape[part.transposed ? 1 : 0]);
    for (int c = 0; c < count; ++c) channels.push_back({&part, c});
    channels.resize(static_cast<std::size_t>(blocks_of(static_cast<int>(channels.size())) * kLanes));
  }
  return channels;
}

void read_taps(const OutputChannel& output, int input, int lane, TapBlock* block) {
  const net::Tensor& weight = *output.part->weight;
  const auto size = static_cast<int>(weight.shape[2]);
  const int first = output.part->transposed ? input : output.channel;
  const int second = output.part->transposed ? output.channel : input;
  const float* taps =
      weight.values.data() + (static_cast<std::int64_t>(first) * weight.shape[1] + second) * size * size;
  const int margin = (kTaps - size) / 2;  // a 1x1 layer is the middle tap
  for (int r = 0; r < size; ++r) {
    for (int c = 0; c < size; ++c) {
      block->values[r + margin][c + margin][lane] = static_cast<double>(taps[r * size + c]);
    }
  }
  if (output.part->add_identity && input == output.channel) block->values[1][1][lane] += 1;
}

TapBlock taps_of(const std::vector<OutputChannel>& outputs, std::int64_t block, int input) {
  TapBlock taps;
  for (int lane = 0; lane < kLanes; ++lane) {
    const OutputChannel& output = outputs[static_cast<std::size_t>(block * kLanes + lane)];
    if (output.part != nullptr) read_taps(output, input, lane, &taps);
  }
  return taps;
}

base::AlignedFloats bias_of(const std::vector<OutputChannel>& outputs) {
  base::AlignedFloats bias(static_cast<std::int64_t>(outputs.size()));
  for (std::size_t c = 0; c < outputs.size(); ++c) {
    const OutputChannel& output = outputs[c];
    if (output.part == nullptr || output.part->bias == nullptr) continue;
    bias.data()[c] = output.part->bias->values[static_cast<std::size_t>(output.channel)];
  }
  return bias;
}

// Weights of one input channel and 16 outputs: to[weight * stride] is a row of 16.
void write_weights(const std::vector<WeightRow>& transform, const TapBlock& taps, float* to,
                   std::int64_t stride) {
  for (std::size_t wy = 0; wy < transform.size(); ++wy) {
    double rows[kTaps][kLanes] = {};
    for (int c = 0; c < kTaps; ++c) {
      for (int r = 0; r < kTaps; ++r) {
        for (int lane = 0; lane < kLanes; ++lane) {
          rows[c][lane] += transform[wy][static_cast<std::size_t>(r)] * taps.values[r][c][lane];
        }
      }
    }
    for (std::size_t wx = 0; wx < transform.size(); ++wx) {
      const WeightRow& row = transform[wx];
      float* out = to + static_cast<std::int64_t>(wy * transform.size() + wx) * stride;
      for (int lane = 0; lane < kLanes; ++lane) {
        out[lane] =
            static_cast<float>(row[0] * rows[0][lane] + row[1] * rows[1][lane] + row[2] * rows[2][lane]);
      }
    }
  }
}

// Scheme::first: tap t of channel c is input c * 9 + t of a plain product.
void write_taps(const TapBlock& taps, float* to, std::int64_t stride) {
  for (int t = 0; t < kTapCount; ++t) {
    for (int lane = 0; lane < kLanes; ++lane) {
      to[t * stride + lane] = static_cast<float>(taps.values[t / kTaps][t % kTaps][lane]);
    }
  }
}

// `write(taps, input, to, width)` puts the taps of one input and 16 outputs where they belong, `to` being the
// first of those outputs in a group of `width`.
template <class Write>
Layer fill_layer(Scheme scheme, const std::vector<LayerWeights>& parts, const ChannelMap& inputs,
                 int input_blocks, int threads, const Write& write) {
  const std::vector<OutputChannel> outputs = output_channels(parts);
  Layer layer;
  layer.scheme = scheme;
  layer.input_blocks = input_blocks;
  layer.output_blocks = static_cast<int>(outputs.size()) / kLanes;
  layer.weights = base::AlignedFloats(layer.weights_before(layer.output_blocks));
  layer.bias = bias_of(outputs);
  base::parallel_for(layer.output_blocks, threads, [&](std::int64_t block) {
    const auto group = static_cast<int>(block / kGroup);
    const std::int64_t width = layer.blocks_of_group(group) * kLanes;
    float* to = layer.weights.data() + layer.weights_before(group * kGroup) + block % kGroup * kLanes;
    for (std::size_t input = 0; input < inputs.size(); ++input) {
      if (inputs[input] < 0) continue;
      write(taps_of(outputs, block, inputs[input]), static_cast<int>(input), to, width);
    }
  });
  return layer;
}

}  // namespace

ChannelMap whole_blocks(int channels) {
  ChannelMap map(static_cast<std::size_t>(blocks_of(channels) * kLanes), -1);
  for (int c = 0; c < channels; ++c) map[static_cast<std::size_t>(c)] = c;
  return map;
}

ChannelMap whole_blocks(int first, int second) {
  ChannelMap map = whole_blocks(first);
  for (const int channel : whole_blocks(second)) map.push_back(channel < 0 ? -1 : first + channel);
  return map;
}

int Layer::blocks_of_group(int group) const { return std::min(kGroup, output_blocks - group * kGroup); }

std::int64_t Layer::weights_before(int output_block) const {
  const int count = shape_of(scheme).weights;
  return static_cast<std::int64_t>(count) * count * input_blocks * kLanes * output_block * kLanes;
}

const float* Layer::weights_of_group(int group) const {
  return weights.data() + weights_before(group * kGroup);
}

void split_weights(Layer* layer) {
  if (layer->scheme == Scheme::first || layer->input_blocks % 2 != 0) return;
  const int along = shape_of(layer->scheme).weights;
  const std::int64_t rows = layer->input_blocks * kLanes;
  std::vector<std::uint16_t> parts;
  for (int group = 0; group < layer->groups(); ++group) {
    const std::int64_t width = layer->blocks_of_group(group) * kLanes;
    parts.resize(static_cast<std::size_t>(2 * rows * width));
    float* matrix = layer->weights.data() + layer->weights_before(group * kGroup);
    for (int weight = 0; weight < along * along; ++weight, matrix += rows * width) {
      for (std::int64_t row = 0; row < rows; ++row) {
        // [pair of blocks][high, low][pair of channels][output][channel of the pair]
        const std::int64_t pair = row / (2 * kLanes);
        const std::int64_t channel = row % (2 * kLanes);
        std::uint16_t* high = parts.data() + (pair * 4 * kLanes + channel / 2 * 2) * width + channel % 2;
        std::uint16_t* low = high + 2 * kLanes * width;
        for (std::int64_t n = 0; n < width; ++n)
          split_float(matrix[row * width + n], high + 2 * n, low + 2 * n);
      }
      std::memcpy(matrix, parts.data(), parts.size() * sizeof(std::uint16_t));
    }
  }
  layer->split = true;
}

Layer make_tap_layer(const LayerWeights& part, const ChannelMap& inputs) {
  const auto channels = static_cast<std::int64_t>(inputs.size());
  return fill_layer(Scheme::pointwise, {part}, inputs, static_cast<int>(kTapCount * channels / kLanes), 1,
                    [&](const TapBlock& taps, int input, float* to, std::int64_t width) {
                      write_taps(taps, to + input * width, channels * width);
                    });
}

Layer make_layer(Scheme scheme, const std::vector<LayerWeights>& parts, const ChannelMap& inputs,
                 int threads) {
  if (scheme == Scheme::first) {
    const auto taps_of_image = static_cast<int>(parts[0].weight->shape[1] * kTapCount);
    return fill_layer(scheme, parts, inputs, blocks_of(taps_of_image), threads,
                      [&](const TapBlock& taps, int input, float* to, std::int64_t width) {
                        write_taps(taps, to + input * kTapCount * width, width);
                      });
  }
  const std::vector<WeightRow> transform = weight_transform(scheme);
  const auto rows = static_cast<std::int64_t>(inputs.size());
  return fill_layer(scheme, parts, inputs, static_cast<int>(rows / kLanes), threads,
                    [&](const TapBlock& taps, int input, float* to, std::int64_t width) {
                      write_weights(transform, taps, to + input * width, rows * width);
                    });
}

}  // namespace musclemap::infer::native
