#include "infer/native/layer.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

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
    case Scheme::down4:
      return {{2, 0, 0}, {1, 0, 1}, {-1. / 3, 0, 1. / 3}, {-8. / 3, 0, -4. / 3}, {0, 0, 1}, {0, 1, 0}};
    case Scheme::up2:
      return {{0, 0, 1}, {1, 0, 1}, {1, 0, 0}, {0, 1, 0}};
    case Scheme::pointwise:
    case Scheme::taps:
    case Scheme::image:
      break;
  }
  return {{0, 1, 0}};  // the middle tap
}

// Sums of the lanes of three arrays.
void weigh(const WeightRow& row, const double* a, const double* b, const double* c, double* to) {
  for (int lane = 0; lane < kLanes; ++lane) to[lane] = row[0] * a[lane] + row[1] * b[lane] + row[2] * c[lane];
}

// Taps of 16 output channels for one input channel.
struct TapBlock {
  double values[kTaps][kTaps][kTaps][kLanes];  // [plane][row][column][channel]
};

// Kernels of one tap along an axis are the middle tap. Kernels of one plane leave the other planes as they
// are.
void read_taps(const OutputChannel* outputs, int channel, TapBlock* block) {
  const bool fills = std::all_of(outputs, outputs + kLanes, [](const OutputChannel& output) {
    return output.part != nullptr && output.part->rows() == kTaps && output.part->columns() == kTaps;
  });
  if (!fills) *block = {};
  for (int lane = 0; lane < kLanes; ++lane) {
    const OutputChannel& output = outputs[lane];
    if (output.part == nullptr) continue;
    const LayerWeights& part = *output.part;
    const float* taps = part.taps_of(output.channel, channel);
    const int planes = part.planes();
    const int rows = part.rows();
    const int columns = part.columns();
    std::int64_t tap = 0;
    for (int p = 0; p < planes; ++p) {
      for (int r = 0; r < rows; ++r) {
        for (int c = 0; c < columns; ++c, ++tap) {
          block->values[p + (kTaps - planes) / 2][r + (kTaps - rows) / 2][c + (kTaps - columns) / 2][lane] =
              static_cast<double>(taps[tap]) + (part.identity_at(output.channel, channel, tap) ? 1 : 0);
        }
      }
    }
  }
}

// Weights of one input channel and 16 outputs, first along planes, then rows and columns: to[weight * stride]
// is a row of 16.
class WeightTransform {
 public:
  WeightTransform(Scheme scheme, Scheme depth)
      : plane_(weight_transform(scheme)), depth_(weight_transform(depth)) {}

  void write(const TapBlock& taps, float* to, std::int64_t stride) const {
    const auto depth_count = static_cast<std::int64_t>(depth_.size());
    const auto count = static_cast<std::int64_t>(plane_.size());
    for (std::int64_t wz = 0; wz < depth_count; ++wz) {
      double plane[kTaps][kTaps][kLanes];
      const bool middle = depth_count == 1;  // of one weight, which is the middle tap
      for (int r = 0; r < kTaps && !middle; ++r) {
        for (int c = 0; c < kTaps; ++c) {
          weigh(depth_[static_cast<std::size_t>(wz)], taps.values[0][r][c], taps.values[1][r][c],
                taps.values[2][r][c], plane[r][c]);
        }
      }
      const auto& rows = middle ? taps.values[1] : plane;
      for (std::int64_t wy = 0; wy < count; ++wy) {
        double row[kTaps][kLanes];
        for (int c = 0; c < kTaps; ++c) {
          weigh(plane_[static_cast<std::size_t>(wy)], rows[0][c], rows[1][c], rows[2][c], row[c]);
        }
        for (std::int64_t wx = 0; wx < count; ++wx) {
          double sums[kLanes];
          weigh(plane_[static_cast<std::size_t>(wx)], row[0], row[1], row[2], sums);
          float* out = to + ((wy * count + wx) * depth_count + wz) * stride;
          for (int lane = 0; lane < kLanes; ++lane) out[lane] = static_cast<float>(sums[lane]);
        }
      }
    }
  }

 private:
  std::vector<WeightRow> plane_;
  std::vector<WeightRow> depth_;
};

}  // namespace

ChannelMap whole_blocks(int channels) {
  ChannelMap map(static_cast<std::size_t>(blocks_of(channels) * kLanes), -1);
  for (int c = 0; c < channels; ++c) map[static_cast<std::size_t>(c)] = c;
  return map;
}

const float* LayerWeights::taps_of(int output, int input) const {
  const std::int64_t first = transposed ? input : output;
  const std::int64_t second = transposed ? output : input;
  return weight->values.data() + (first * weight->shape[1] + second) * planes() * rows() * columns();
}

int Layer::blocks_of_group(int group) const { return std::min(kGroup, output_blocks - first_block(group)); }

std::int64_t Layer::weights_before(int output_block) const {
  return std::int64_t{weight_count()} * input_blocks * kLanes * output_block * kLanes;
}

const float* Layer::weights_of_group(int group) const {
  const int phase = group / groups_of_phase();
  return weights.data() + phase * weights_before(output_blocks) + weights_before(first_block(group));
}

void split_weights(Layer* layer) {
  if (layer->scheme == Scheme::image || layer->input_blocks % 2 != 0) return;
  const std::int64_t rows = layer->input_blocks * kLanes;
  std::vector<std::uint16_t> parts;
  for (int group = 0; group < layer->groups(); ++group) {
    const std::int64_t width = layer->blocks_of_group(group) * kLanes;
    parts.resize(static_cast<std::size_t>(2 * rows * width));
    float* all = layer->weights.data();
    float* matrix = all + (layer->weights_of_group(group) - all);
    for (int weight = 0; weight < layer->weight_count(); ++weight, matrix += rows * width) {
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

Layer make_layer(Scheme scheme, Scheme depth, const std::vector<LayerWeights>& parts,
                 const ChannelMap& inputs, int threads) {
  const WeightTransform transform(scheme, depth);
  const auto rows = static_cast<std::int64_t>(inputs.size());
  Layer kind;
  kind.scheme = scheme;
  kind.depth = depth;
  kind.input_blocks = static_cast<int>(rows / kLanes);
  return fill_layer(std::move(kind), parts, inputs, threads,
                    [&](const OutputChannel* outputs, int input, int channel, float* to, std::int64_t width) {
                      TapBlock taps;
                      read_taps(outputs, channel, &taps);
                      transform.write(taps, to + input * width, rows * width);
                    });
}

}  // namespace musclemap::infer::native
