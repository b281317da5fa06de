#include "infer/native/forward.hpp"

#include <algorithm>
#include <utility>

namespace musclemap::infer::native {
namespace {

// Pixels that one thread joins at a time.
constexpr std::int64_t kPixelsAtOnce = 4096;

}  // namespace

FeatureMap::FeatureMap(int blocks, int rows, int columns)
    : memory_(static_cast<std::int64_t>(blocks) * rows * columns * kLanes),
      channels_(std::int64_t{3} * blocks * kLanes),
      map_{memory_.data(), blocks, rows, columns} {}

LayerInput FeatureMap::activated() const {
  const std::int64_t count = static_cast<std::int64_t>(map_.blocks) * kLanes;
  return {map_, {channels_.data(), channels_.data() + count, channels_.data() + 2 * count}, nullptr, 0};
}

void FeatureMap::normalise(const NormLayer& norm, const ChannelMoments& moments) {
  const std::int64_t count = static_cast<std::int64_t>(map_.blocks) * kLanes;
  norm.scale_and_shift(moments, channels_.data(), channels_.data() + count);
  std::copy(norm.slope.begin(), norm.slope.end(), channels_.data() + 2 * count);
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
    level.first = FeatureMap(down.first.layer.output_blocks, r, c);
    for (std::size_t unit = 0; unit < std::min<std::size_t>(down.more.size(), 2); ++unit) {
      level.unit[unit] = FeatureMap(down.blocks, r, c);
    }
    if (down.pointwise) level.shortcut = FeatureMap(down.blocks, r, c);
    if (!bottom) {
      const UpLayers& up = layers.up[l];
      level.joined = FeatureMap(up.transposed.layer.input_blocks, r, c);
      if (l > 0) {
        level.transposed = FeatureMap(up.transposed.layer.output_blocks, 2 * r, 2 * c);
        if (up.unit) level.raw_unit = FeatureMap(up.unit->layer.output_blocks, 2 * r, 2 * c);
      }
    }
    levels_.push_back(std::move(level));
  }
}

FeatureMap Forward::make_features() const {
  return {layers_.up[0].transposed.layer.output_blocks, rows_, columns_};
}

void Forward::convolve(const NormalisedLayer& layer, const LayerInput& input, FeatureMap& output) {
  convolver_.store(layer.layer, input, output.map(), layer.norm.measures() ? &moments_ : nullptr);
  output.normalise(layer.norm, moments_);
}

void Forward::combine(const LayerInput& a, const LayerInput* b, const Map& output) {
  const std::int64_t pixels = static_cast<std::int64_t>(output.rows) * output.columns;
  const std::int64_t parts = (pixels + kPixelsAtOnce - 1) / kPixelsAtOnce;
  pool_.run(output.blocks * parts, [&](std::int64_t item, int) {
    const auto block = static_cast<int>(item / parts);
    const std::int64_t first = item % parts * kPixelsAtOnce;
    CombineCall call;
    call.a = a.map.block(block) + first * kLanes;
    call.a_activation = a.activation.from_block(block);
    if (b != nullptr) {
      call.b = b->map.block(block) + first * kLanes;
      call.b_activation = b->activation.from_block(block);
    }
    call.output = output.block(block) + first * kLanes;
    call.pixels = std::min(kPixelsAtOnce, pixels - first);
    kernels_.combine(call);
  });
}

void Forward::down(std::size_t level, const LayerInput& input, const Map& output) {
  const DownLayers& layers = layers_.down[level];
  Level& maps = levels_[level];
  convolve(layers.first, input, maps.first);
  LayerInput main = maps.first.activated();
  LayerInput shortcut = input;
  if (layers.shortcut_in_first) {
    shortcut = {maps.first.map().part(layers.blocks, layers.blocks), {}, nullptr, 0};
    main.map = main.map.part(0, layers.blocks);
  }
  for (std::size_t unit = 0; unit < layers.more.size(); ++unit) {
    FeatureMap& to = maps.unit[unit % 2];
    convolve(layers.more[unit], main, to);
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
  convolve(layers.transposed, maps.joined.plain(), maps.transposed);
  const LayerInput shortcut = maps.transposed.activated();
  if (!layers.unit) return combine(shortcut, nullptr, output);
  convolve(*layers.unit, shortcut, maps.raw_unit);
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
    return levels_[level].joined.map().part(skip, layers_.up[level].transposed.layer.input_blocks - skip);
  };
  down(bottom, input, below(bottom - 1));
  for (std::size_t level = bottom - 1; level > 0; --level) up(level, below(level - 1));

  if (!layers_.up[0].unit) return levels_[0].joined.plain();
  FeatureMap& top = features != nullptr ? *features : levels_[0].transposed;
  if (top.map().data == nullptr) top = make_features();
  convolve(layers_.up[0].transposed, levels_[0].joined.plain(), top);
  return top.activated();
}

}  // namespace musclemap::infer::native
