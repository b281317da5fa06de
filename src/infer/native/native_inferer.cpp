#include "infer/native/native_inferer.hpp"

namespace musclemap::infer::native {

using image::ScoreSlice;

NativeInferer::NativeInferer(const UNetLayers& layers, const Kernels& kernels, const SlicePlan& plan,
                             const SliceInfererOptions& options)
    : layers_(layers),
      plan_(plan),
      options_(options),
      pool_(options.threads),
      forward_(layers, kernels, pool_, static_cast<int>(plan.x.window), static_cast<int>(plan.y.window)),
      importance_(importance_map(plan.x.window, plan.y.window)),
      total_importance_(total_importance(plan, importance_)),
      window_(static_cast<std::size_t>(plan.x.window * plan.y.window)) {}

void NativeInferer::blend_windows(const float* image, ScoreSlice* scores) {
  BlendTarget target;
  target.sums = {scores->data(), static_cast<int>(scores->blocks()), static_cast<int>(scores->nx()),
                 static_cast<int>(scores->ny())};
  target.weights = importance_.data();
  for (const WindowPlace& place : window_places(plan_)) {
    if (options_.before_batch) options_.before_batch();
    cut_window(plan_, image, place, window_.data());
    target.row = static_cast<int>(place.x);
    target.column = static_cast<int>(place.y);
    forward_.convolver().blend(layers_.last(), forward_.run(window_.data()), forward_.rows(),
                               forward_.columns(), target);
    ++windows_done_;
  }
}

void NativeInferer::finish(ScoreSlice* scores) {
  const std::int64_t blocks = scores->blocks();
  pool_.run(blocks * plan_.image_x, [&](std::int64_t item, int) {
    const std::int64_t block = item / plan_.image_x;
    const std::int64_t x = item % plan_.image_x;
    const float* bias = layers_.last().bias.data() + block * ScoreSlice::kVector;
    const float* total = total_importance_.data() + x * plan_.image_y;
    float* out = scores->at(block, x, 0);
    for (std::int64_t y = 0; y < plan_.image_y; ++y, out += ScoreSlice::kVector) {
      const float share = 1 / total[y];
      for (std::int64_t c = 0; c < ScoreSlice::kVector; ++c) out[c] = out[c] * share + bias[c];
    }
  });
}

std::vector<std::shared_ptr<const ScoreSlice>> NativeInferer::run(const std::vector<const float*>& images) {
  std::vector<std::shared_ptr<const ScoreSlice>> result;
  for (const float* image : images) {
    auto scores = std::make_shared<ScoreSlice>(options_.classes, plan_.image_x, plan_.image_y);
    blend_windows(image, scores.get());
    finish(scores.get());
    result.push_back(std::move(scores));
  }
  return result;
}

EngineMemory native_memory(const UNetLayers& layers, std::int64_t pixels, std::int64_t classes) {
  constexpr std::int64_t kScratch = 4 << 20;  // of a few threads
  std::int64_t floats = 0;
  for (std::size_t level = 0; level < layers.down.size(); ++level) {
    const bool bottom = level == layers.up.size();
    const std::int64_t here = pixels >> (2 * (bottom ? level : level + 1));
    const DownLayers& down = layers.down[level];
    floats += here * kLanes * (down.first.output_blocks + 3 * down.blocks);
    if (bottom) continue;
    const UpLayers& up = layers.up[level];
    floats += here * kLanes * up.transposed.input_blocks + 8 * here * kLanes * up.transposed.output_blocks;
  }
  static_cast<void>(classes);
  return {static_cast<std::size_t>(floats + kScratch) * sizeof(float), 0};
}

}  // namespace musclemap::infer::native
