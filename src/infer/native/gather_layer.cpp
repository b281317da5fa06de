// Layers of the schemes that gather: their weights are those of the file in another order.
#include "infer/native/layer_filler.hpp"

namespace musclemap::infer::native {
namespace {

// to[tap * stride] is a row of 16 outputs.
void write_taps(const OutputChannel* outputs, int channel, const TapGrid& taps, const Lattice& kernel,
                float* to, std::int64_t stride) {
  for (int tap = 0; tap < taps.rows * taps.columns; ++tap) {
    const int row = kernel.row + tap / taps.columns * kernel.row_step;
    const int column = kernel.column + tap % taps.columns * kernel.column_step;
    for (int lane = 0; lane < kLanes; ++lane) {
      const OutputChannel& output = outputs[lane];
      if (output.part == nullptr) continue;
      to[tap * stride + lane] = static_cast<float>(output.part->value(output.channel, channel, row, column));
    }
  }
}

// A phase along one axis: the output q step + phase is the sum over m < taps of the inputs q + first + m
// under the kernel's taps `kernel` - m step.
struct Phase {
  int taps;
  int first;
  int kernel;
};

Phase phase_of(int phase, int kernel, int step, int first) {
  // Tap t of input i adds to output i step + first + t.
  const int remainder = (phase - first) % step;
  const int taps = (kernel - remainder + step - 1) / step;
  return {taps, (phase - first) / step - taps + 1, remainder + step * (taps - 1)};
}

}  // namespace

Layer make_gather_layer(const std::vector<LayerWeights>& parts, const ChannelMap& inputs, const TapGrid& taps,
                        const Lattice& kernel, int threads) {
  const auto channels = static_cast<std::int64_t>(inputs.size());
  const int blocks = taps.rows * taps.columns * static_cast<int>(channels / kLanes);
  Layer layer =
      fill_layer(Scheme::taps, parts, inputs, blocks, threads,
                 [&](const OutputChannel* outputs, int input, int channel, float* to, std::int64_t width) {
                   write_taps(outputs, channel, taps, kernel, to + input * width, channels * width);
                 });
  layer.taps = taps;
  return layer;
}

std::vector<Layer> make_transposed_layers(const LayerWeights& part, const ChannelMap& inputs,
                                          const TapGrid& taps, int threads) {
  std::vector<Layer> layers;
  for (int row = 0; row < taps.row_step; ++row) {
    const Phase rows = phase_of(row, taps.rows, taps.row_step, taps.first_row);
    for (int column = 0; column < taps.column_step; ++column) {
      const Phase columns = phase_of(column, taps.columns, taps.column_step, taps.first_column);
      layers.push_back(
          make_gather_layer({part}, inputs, {rows.taps, columns.taps, rows.first, columns.first, 1, 1},
                            {rows.kernel, columns.kernel, -taps.row_step, -taps.column_step}, threads));
      layers.back().lattice = {row, column, taps.row_step, taps.column_step};
    }
  }
  return layers;
}

Layer make_image_layer(const std::vector<LayerWeights>& parts, int channels, const TapGrid& taps,
                       int threads) {
  const int count = taps.rows * taps.columns;
  ChannelMap inputs(static_cast<std::size_t>(channels));
  for (int c = 0; c < channels; ++c) inputs[static_cast<std::size_t>(c)] = c;
  Layer layer = fill_layer(
      Scheme::image, parts, inputs, blocks_of(channels * count), threads,
      [&](const OutputChannel* outputs, int input, int channel, float* to, std::int64_t width) {
        write_taps(outputs, channel, taps, {}, to + static_cast<std::int64_t>(input) * count * width, width);
      });
  layer.taps = taps;
  return layer;
}

}  // namespace musclemap::infer::native
