#include "infer/native/native_inferer.hpp"

#include <algorithm>
#include <utility>

namespace musclemap::infer::native {

using image::ScoreSlice;

namespace {

// Measured on two cores with 114 classes and windows of 256 x 256: where the windows' pixels are more than
// four times those of the slice, the last layer is cheaper once a slice. Part of the result, as the two ways
// round differently.
constexpr std::int64_t kWorthwhileOverlap = 4;

// Adding seven windows at a time to the nine maps took 4.2 ms a window, three 6.2, twelve 4.2 again.
constexpr std::int64_t kUsefulWindows = 7;

bool blends_features(const UNetLayers& layers, const SlicePlan& plan) {
  return layers.up[0].unit_taps &&
         plan.windows() * plan.x.window * plan.y.window > kWorthwhileOverlap * plan.image_x * plan.image_y;
}

}  // namespace

NativeInferer::NativeInferer(const UNetLayers& layers, const Kernels& kernels, const SlicePlan& plan,
                             const SliceInfererOptions& options)
    : layers_(layers),
      plan_(plan),
      options_(options),
      pool_(options.threads),
      forward_(layers, kernels, pool_, static_cast<int>(plan.x.window), static_cast<int>(plan.y.window)),
      importance_(importance_map(plan.x.window, plan.y.window)),
      total_importance_(total_importance(plan, importance_)),
      window_(static_cast<std::size_t>(plan.x.window * plan.y.window)) {
  if (!blends_features(layers, plan)) return;
  linear_.emplace(*layers.up[0].unit_taps, kernels, pool_, plan_, importance_);
  const auto windows_of_row = static_cast<std::int64_t>(plan.y.starts.size());
  for (std::int64_t w = 0; w < std::min(options.windows_at_once, windows_of_row); ++w) {
    features_.push_back(forward_.make_features());
  }
}

const float* NativeInferer::next_window(const float* image, const WindowPlace& place) {
  if (options_.before_batch) options_.before_batch();
  cut_window(plan_, image, place, window_.data());
  ++windows_done_;
  return window_.data();
}

void NativeInferer::blend_outputs(const float* image, ScoreSlice* scores) {
  BlendTarget target;
  target.sums = {scores->data(), static_cast<int>(scores->blocks()), static_cast<int>(scores->nx()),
                 static_cast<int>(scores->ny())};
  target.weights = importance_.data();
  for (const WindowPlace& place : window_places(plan_)) {
    target.row = static_cast<int>(place.x);
    target.column = static_cast<int>(place.y);
    forward_.convolver().blend(layers_.last(), forward_.run(next_window(image, place)), forward_.rows(),
                               forward_.columns(), target);
  }
}

void NativeInferer::blend_features(const float* image, ScoreSlice* scores) {
  const std::vector<WindowPlace> places = window_places(plan_);
  linear_->restart();
  std::vector<WindowFeatures> together;
  for (std::size_t w = 0; w < places.size(); ++w) {
    FeatureMap& features = features_[together.size()];
    together.push_back({forward_.run(next_window(image, places[w]), &features), places[w]});
    const bool row_ends = w + 1 == places.size() || places[w + 1].x != places[w].x;
    if (row_ends || together.size() == features_.size()) {
      linear_->add(together);
      together.clear();
    }
    if (row_ends) linear_->finish_rows(w + 1 == places.size() ? plan_.image_x : places[w + 1].x, scores);
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
    if (linear_) {
      blend_features(image, scores.get());
    } else {
      blend_outputs(image, scores.get());
    }
    finish(scores.get());
    result.push_back(std::move(scores));
  }
  return result;
}

EngineMemory native_memory(const UNetLayers& layers, const SlicePlan& plan) {
  constexpr std::int64_t kScratch = 4 << 20;  // of a few threads
  const std::int64_t pixels = plan.x.window * plan.y.window;
  std::int64_t floats = kScratch;
  for (std::size_t level = 0; level < layers.down.size(); ++level) {
    const bool bottom = level == layers.up.size();
    const std::int64_t here = pixels >> (2 * (bottom ? level : level + 1));
    const DownLayers& down = layers.down[level];
    floats += here * kLanes * (down.first.layer.output_blocks + 3 * down.blocks);
    if (bottom) continue;
    const UpLayers& up = layers.up[level];
    floats += here * kLanes * up.transposed.layer.input_blocks;
    if (level > 0) floats += 8 * here * kLanes * up.transposed.layer.output_blocks;
  }
  EngineMemory memory;
  const auto size = static_cast<std::int64_t>(sizeof(float));
  const int feature_blocks = layers.up[0].transposed.layer.output_blocks;
  const std::int64_t features = pixels * feature_blocks * kLanes * size;
  memory.fixed = static_cast<std::size_t>(floats * size);
  if (blends_features(layers, plan)) {
    memory.fixed += static_cast<std::size_t>(LinearBlend::bytes(feature_blocks, plan));
    memory.per_window = static_cast<std::size_t>(features);
    memory.useful_windows =
        std::min<std::int64_t>(kUsefulWindows, static_cast<std::int64_t>(plan.y.starts.size()));
  } else {
    memory.useful_windows = 1;
    memory.fixed += static_cast<std::size_t>(features);
  }
  return memory;
}

}  // namespace musclemap::infer::native
