#include "infer/native/forward.hpp"

#include <algorithm>
#include <cmath>

namespace musclemap::infer::native {
namespace {

constexpr double kNormEpsilon = 1e-5;
constexpr float kLeakySlope = 0.01F;
// Pixels that one thread joins at a time.
constexpr std::int64_t kPixelsAtOnce = 4096;

Activation from_block(const Activation& activation, int block) {
  if (activation.scale == nullptr) return {};
  const std::int64_t first = static_cast<std::int64_t>(block) * kLanes;
  return {activation.scale + first, activation.shift + first, activation.slope + first};
}

}  // namespace

FeatureMap::FeatureMap(int blocks, int rows, int columns)
    : memory_(static_cast<std::int64_t>(blocks) * rows * columns * kLanes),
      channels_(std::int64_t{3} * blocks * kLanes),
      map_{memory_.data(), blocks, rows, columns} {
  const std::int64_t count = static_cast<std::int64_t>(blocks) * kLanes;
  std::fill(channels_.data() + 2 * count, channels_.data() + 3 * count, kLeakySlope);
}

LayerInput FeatureMap::activated() const {
  const std::int64_t count = static_cast<std::int64_t>(map_.blocks) * kLanes;
  return {map_, {channels_.data(), channels_.data() + count, channels_.data() + 2 * count}, nullptr, 0};
}

void FeatureMap::normalise(const ChannelMoments& moments) {
  const auto count = static_cast<std::size_t>(map_.blocks) * kLanes;
  float* scale = channels_.data();
  float* shift = scale + count;
  for (std::size_t c = 0; c < count; ++c) {
    const double inverse = 1 / std::sqrt(moments.variance[c] + kNormEpsilon);
    scale[c] = static_cast<float>(inverse);
    shift[c] = static_cast<float>(-moments.mean[c] * inverse);
  }
}

Forward::Forward(const UNetLayers& layers, const Kernels& kernels, base::WorkerPool& pool, int rows,
                 int columns)
    : layers_(layers),
      kernels_(kernels),
      pool_(pool),
      convolver_(kernels, pool),
      rows_(rows),
      columns_(columns) {
  const std::size_t count = layers.up.size();
  for (std::size_t l = 0; l <= count; ++l) {
    const DownLayers& down = layers.down[l];
    const bool bottom = l == count;
    // The bottom keeps the size of the level above.
    const int r = rows >> std::min(l + 1, count);
    const int c = columns >> std::min(l + 1, count);
    Level level;
    level.first = FeatureMap(down.first.output_blocks, r, c);
    for (std::size_t unit = 0; unit < std::min<std::size_t>(down.more.size(), 2); ++unit) {
      level.unit[unit] = FeatureMap(down.blocks, r, c);
    }
    if (down.pointwise) level.shortcut = FeatureMap(down.blocks, r, c);
    if (!bottom) {
      const UpLayers& up = layers.up[l];
      level.joined = FeatureMap(up.transposed.input_blocks, r, c);
      if (l > 0) {
        level.transposed = FeatureMap(up.transposed.output_blocks, 2 * r, 2 * c);
        if (up.unit) level.raw_unit = FeatureMap(up.unit->output_blocks, 2 * r, 2 * c);
      }
    }
    levels_.push_back(std::move(level));
  }
}

FeatureMap Forward::make_features() const {
  return {layers_.up[0].transposed.output_blocks, rows_, columns_};
}

void Forward::combine(const LayerInput& a, const LayerInput* b, const Map& output) {
  const std::int64_t pixels = static_cast<std::int64_t>(output.rows) * output.columns;
  const std::int64_t parts = (pixels + kPixelsAtOnce - 1) / kPixelsAtOnce;
  pool_.run(output.blocks * parts, [&](std::int64_t item, int) {
    const auto block = static_cast<int>(item / parts);
    const std::int64_t first = item % parts * kPixelsAtOnce;
    CombineCall call;
    call.a = a.map.block(block) + first * kLanes;
    call.a_activation = from_block(a.activation, block);
    if (b != nullptr) {
      call.b = b->map.block(block) + first * kLanes;
      call.b_activation = from_block(b->activation, block);
    }
    call.output = output.block(block) + first * kLanes;
    call.pixels = std::min(kPixelsAtOnce, pixels - first);
    kernels_.combine(call);
  });
}

void Forward::down(std::size_t level, const LayerInput& input, const Map& output) {
  const DownLayers& layers = layers_.down[level];
  Level& maps = levels_[level];
  convolver_.store(layers.first, input, maps.first.map(), &moments_);
  maps.first.normalise(moments_);
  LayerInput main = maps.first.activated();
  LayerInput shortcut = input;
  if (layers.shortcut_in_first) {
    shortcut = {maps.first.map().part(layers.blocks, layers.blocks), {}, nullptr, 0};
    main.map = main.map.part(0, layers.blocks);
  }
  for (std::size_t unit = 0; unit < layers.more.size(); ++unit) {
    FeatureMap& to = maps.unit[unit % 2];
    convolver_.store(layers.more[unit], main, to.map(), &moments_);
    to.normalise(moments_);
    main = to.activated();
  }
  if (layers.pointwise) {
    convolver_.store(*layers.pointwise, input, maps.shortcut.map(), nullptr);
    shortcut = maps.shortcut.plain();
  }
  const bool joins = layers.shortcut_in_first || layers.pointwise || layers.identity;
  combine(main, joins ? &shortcut : nullptr, output);
}

void Forward::up(std::size_t level, const Map& output) {
  const UpLayers& layers = layers_.up[level];
  Level& maps = levels_[level];
  convolver_.store(layers.transposed, maps.joined.plain(), maps.transposed.map(), &moments_);
  maps.transposed.normalise(moments_);
  const LayerInput shortcut = maps.transposed.activated();
  if (!layers.unit) return combine(shortcut, nullptr, output);
  convolver_.store(*layers.unit, shortcut, maps.raw_unit.map(), &moments_);
  maps.raw_unit.normalise(moments_);
  combine(maps.raw_unit.activated(), &shortcut, output);
}

LayerInput Forward::run(const float* image, FeatureMap* features) {
  const std::size_t bottom = layers_.up.size();
  LayerInput input;
  input.map = {nullptr, 0, rows_, columns_};
  input.image = image;
  input.image_channels = layers_.in_channels;
  for (std::size_t level = 0; level < bottom; ++level) {
    const Map skip = levels_[level].joined.map().part(0, layers_.down[level].blocks);
    down(level, input, skip);
    input = {skip, {}, nullptr, 0};
  }
  const auto below = [&](std::size_t level) {
    const int skip = layers_.down[level].blocks;
    return levels_[level].joined.map().part(skip, layers_.up[level].transposed.input_blocks - skip);
  };
  down(bottom, input, below(bottom - 1));
  for (std::size_t level = bottom - 1; level > 0; --level) up(level, below(level - 1));

  if (!layers_.up[0].unit) return levels_[0].joined.plain();
  FeatureMap& top = features != nullptr ? *features : levels_[0].transposed;
  if (top.map().data == nullptr) top = make_features();
  convolver_.store(layers_.up[0].transposed, levels_[0].joined.plain(), top.map(), &moments_);
  top.normalise(moments_);
  return top.activated();
}

}  // namespace musclemap::infer::native
