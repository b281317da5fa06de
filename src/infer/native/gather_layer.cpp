// Layers of the schemes that gather: their weights are those of the file in another order.
#include <utility>
#include <vector>

#include "infer/native/layer_filler.hpp"

namespace musclemap::infer::native {
namespace {

// to[tap * stride] is a row of 16 outputs.
void write_taps(const OutputChannel* outputs, int channel, const TapGrid& taps, const Lattice& kernel,
                float* to, std::int64_t stride) {
  for (int tap = 0; tap < taps.count(); ++tap) {
    const int plane = kernel.plane + tap / (taps.rows * taps.columns) * kernel.plane_step;
    const int row = kernel.row + tap / taps.columns % taps.rows * kernel.row_step;
    const int column = kernel.column + tap % taps.columns * kernel.column_step;
    for (int lane = 0; lane < kLanes; ++lane) {
      const OutputChannel& output = outputs[lane];
      if (output.part == nullptr) continue;
      to[tap * stride + lane] =
          static_cast<float>(output.part->value(output.channel, channel, plane, row, column));
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

// Of steps along planes, rows and columns.
std::vector<Lattice> all_phases(int planes, int rows, int columns) {
  std::vector<Lattice> phases;
  for (int plane = 0; plane < planes; ++plane) {
    for (int row = 0; row < rows; ++row) {
      for (int column = 0; column < columns; ++column) {
        phases.push_back({row, column, rows, columns, plane, planes});
      }
    }
  }
  return phases;
}

}  // namespace

Layer make_gather_layer(const std::vector<LayerWeights>& parts, const ChannelMap& inputs, const TapGrid& taps,
                        const Lattice& kernel, int threads) {
  const auto channels = static_cast<std::int64_t>(inputs.size());
  Layer kind;
  kind.scheme = Scheme::taps;
  kind.taps = taps;
  kind.input_blocks = taps.count() * static_cast<int>(channels / kLanes);
  return fill_layer(std::move(kind), parts, inputs, threads,
                    [&](const OutputChannel* outputs, int input, int channel, float* to, std::int64_t width) {
                      write_taps(outputs, channel, taps, kernel, to + input * width, channels * width);
                    });
}

std::vector<Layer> make_transposed_layers(const LayerWeights& part, const ChannelMap& inputs,
                                          const TapGrid& taps, int threads) {
  std::vector<Layer> layers;
  for (const Lattice& at : all_phases(taps.plane_step, taps.row_step, taps.column_step)) {
    const Phase planes = phase_of(at.plane, taps.planes, taps.plane_step, taps.first_plane);
    const Phase rows = phase_of(at.row, taps.rows, taps.row_step, taps.first_row);
    const Phase columns = phase_of(at.column, taps.columns, taps.column_step, taps.first_column);
    const TapGrid seen{rows.taps,   columns.taps, rows.first, columns.first, 1, 1,
                       planes.taps, planes.first, 1};
    const Lattice kernel{rows.kernel,       columns.kernel, -taps.row_step,
                         -taps.column_step, planes.kernel,  -taps.plane_step};
    layers.push_back(make_gather_layer({part}, inputs, seen, kernel, threads));
    layers.back().phases = {at};
  }
  return layers;
}

Layer make_spread_layer(const LayerWeights& part, const ChannelMap& inputs, int threads) {
  const auto rows = static_cast<std::int64_t>(inputs.size());
  Layer kind;
  kind.input_blocks = static_cast<int>(rows / kLanes);
  kind.phases = all_phases(part.planes(), part.rows(), part.columns());
  const std::vector<Lattice> phases = kind.phases;
  const std::int64_t size = rows * blocks_of(part.outputs()) * kLanes;
  return fill_layer(std::move(kind), {part}, inputs, threads,
                    [&](const OutputChannel* outputs, int input, int channel, float* to, std::int64_t width) {
                      const TapGrid tap;
                      for (const Lattice& at : phases) {
                        write_taps(outputs, channel, tap, at, to + input * width, 0);
                        to += size;
                      }
                    });
}

Layer make_image_layer(const std::vector<LayerWeights>& parts, int channels, const TapGrid& taps,
                       int threads) {
  ChannelMap inputs(static_cast<std::size_t>(channels));
  for (int c = 0; c < channels; ++c) inputs[static_cast<std::size_t>(c)] = c;
  Layer kind;
  kind.scheme = Scheme::image;
  kind.taps = taps;
  kind.input_blocks = blocks_of(channels * taps.count());
  return fill_layer(std::move(kind), parts, inputs, threads,
                    [&](const OutputChannel* outputs, int input, int channel, float* to, std::int64_t width) {
                      write_taps(outputs, channel, taps, {}, to + std::int64_t{input} * taps.count() * width,
                                 width);
                    });
}

}  // namespace musclemap::infer::native
