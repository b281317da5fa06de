#include "infer/native/layer.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "infer/native/bfloat16.hpp"
#include "infer/native/layer_filler.hpp"
#include "infer/native/schemes.hpp"

namespace musclemap::infer::native {
namespace {

constexpr int kTaps = 3;

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
    case Scheme::taps:
    case Scheme::image:
      break;
  }
  return {{0, 1, 0}};  // the middle tap
}

// Taps of 16 output channels for one input channel, [row][column][channel].
struct TapBlock {
  double values[kTaps][kTaps][kLanes] = {};
};

TapBlock taps_of(const OutputChannel* outputs, int channel) {
  TapBlock block;
  for (int lane = 0; lane < kLanes; ++lane) {
    const OutputChannel& output = outputs[lane];
    if (output.part == nullptr) continue;
    const int size = output.part->rows();
    const int margin = (kTaps - size) / 2;  // a 1x1 layer is the middle tap
    for (int r = 0; r < size; ++r) {
      for (int c = 0; c < size; ++c) {
        block.values[r + margin][c + margin][lane] = output.part->value(output.channel, channel, r, c);
      }
    }
  }
  return block;
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

}  // namespace

ChannelMap whole_blocks(int channels) {
  ChannelMap map(static_cast<std::size_t>(blocks_of(channels) * kLanes), -1);
  for (int c = 0; c < channels; ++c) map[static_cast<std::size_t>(c)] = c;
  return map;
}

double LayerWeights::value(int output, int input, int row, int column) const {
  const std::int64_t first = transposed ? input : output;
  const std::int64_t second = transposed ? output : input;
  const std::int64_t at = ((first * weight->shape[1] + second) * rows() + row) * columns() + column;
  const bool middle = add_identity && input == output && 2 * row + 1 == rows() && 2 * column + 1 == columns();
  return static_cast<double>(weight->values[static_cast<std::size_t>(at)]) + (middle ? 1 : 0);
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
  if (layer->scheme == Scheme::image || layer->input_blocks % 2 != 0) return;
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

Layer make_layer(Scheme scheme, const std::vector<LayerWeights>& parts, const ChannelMap& inputs,
                 int threads) {
  const std::vector<WeightRow> transform = weight_transform(scheme);
  const auto rows = static_cast<std::int64_t>(inputs.size());
  return fill_layer(scheme, parts, inputs, static_cast<int>(rows / kLanes), threads,
                    [&](const OutputChannel* outputs, int input, int channel, float* to, std::int64_t width) {
                      write_weights(transform, taps_of(outputs, channel), to + input * width, rows * width);
                    });
}

}  // namespace musclemap::infer::native
