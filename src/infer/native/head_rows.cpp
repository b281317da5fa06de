#include "infer/native/head_rows.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace musclemap::infer::native {
namespace {

std::int64_t floats_of_thread(const Head& head, int rows) {
  return (head.layer.input_blocks * kLanes + rows) * std::int64_t{kRowPixels};
}

}  // namespace

bool HeadRows::fits(const Program& program) {
  if (!program.head) return false;
  const Layer& layer = program.head->layer;
  return layer.scheme == Scheme::pointwise && layer.depth == Scheme::pointwise && !layer.split;
}

HeadRows::HeadRows(const Program& program, const Kernels& kernels, base::WorkerPool& pool)
    : head_(*program.head),
      kernels_(kernels),
      pool_(pool),
      rows_(whole_rows(program.outputs[0].count())),
      weights_(std::int64_t{head_.layer.input_blocks} * rows_ * kLanes),
      bias_(rows_) {
  const ChannelMap& channels = program.outputs[0].channels;
  const Layer& layer = head_.layer;
  for (std::size_t output = 0; output < channels.size(); ++output) {
    const int row = channels[output];
    if (row < 0) continue;
    const auto group = static_cast<int>(output) / static_cast<int>(kGroup * kLanes);
    const std::int64_t width = layer.blocks_of_group(group) * kLanes;
    const float* from = layer.weights_of_group(group) + static_cast<std::int64_t>(output) % (kGroup * kLanes);
    for (std::int64_t k = 0; k < layer.input_blocks * kLanes; ++k) {
      weights_.data()[(k / kLanes * rows_ + row) * kLanes + k % kLanes] = from[k * width];
    }
    bias_.data()[row] = layer.bias.data()[output];
  }
}

std::int64_t HeadRows::scratch(const Head& head, int classes, int threads) {
  return threads * floats_of_thread(head, whole_rows(classes));
}

void HeadRows::run(const LayerInput& input, const ScoreTaker& taker) const {
  std::vector<base::AlignedFloats> scratch(static_cast<std::size_t>(pool_.threads()));
  for (base::AlignedFloats& memory : scratch) memory = base::AlignedFloats(floats_of_thread(head_, rows_));
  for (int z = 0; z < input.map.planes; ++z) {
    taker.plane(z);
    run_plane(input.map.plane(z), input.activation, z, taker.piece, &scratch);
  }
}

void HeadRows::run_plane(const Map& map, const Activation& activation, std::int64_t z, const TakeScores& take,
                         std::vector<base::AlignedFloats>* scratch) const {
  const std::int64_t pixels = map.extent().pixels();
  const std::int64_t line = map.columns;
  pool_.run((pixels + kRowPixels - 1) / kRowPixels, [&](std::int64_t item, int worker) {
    float* inputs = (*scratch)[static_cast<std::size_t>(worker)].data();
    float* scores = inputs + head_.layer.input_blocks * kLanes * kRowPixels;
    const std::int64_t begin = item * kRowPixels;
    const std::int64_t end = std::min(begin + kRowPixels, pixels);
    for (int block = 0; block < head_.layer.input_blocks; ++block) {
      TurnCall turn;
      turn.from = map.block(block) + begin * kLanes;
      turn.activation = activation.from_block(block);
      turn.pixels = static_cast<int>(end - begin);
      turn.to = inputs + block * kLanes * kRowPixels;
      kernels_.turn(turn);
    }
    ProductCall product;
    product.inputs[0] = weights_.data();
    product.input_stride = rows_ * kLanes;
    product.input_blocks = head_.layer.input_blocks;
    product.weights = inputs;
    product.next = inputs;
    product.output_blocks = kGroup;
    product.tiles = rows_;
    product.products[0] = scores;
    product.frequencies = 1;
    kernels_.multiply(product);
    kernels_.add_row_bias({scores, bias_.data(), rows_});
    for (std::int64_t at = begin; at < end;) {
      const std::int64_t count = std::min(end, (at / line + 1) * line) - at;
      take({z, at / line, at % line, count, scores + (at - begin), kRowPixels});
      at += count;
    }
  });
}

}  // namespace musclemap::infer::native
