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

// The nine maps are read and written once for all windows that are added together.
constexpr std::int64_t kUsefulWindows = kAddedWindows;

// Windows that LinearBlend adds together: whole rows of windows, or else parts of one row.
std::int64_t windows_together(const SlicePlan& plan, std::int64_t most) {
  const auto of_row = static_cast<std::int64_t>(plan.y.starts.size());
  if (most >= of_row) return std::min(most / of_row * of_row, plan.windows());
  const std::int64_t parts = (of_row + most - 1) / most;
  return (of_row + parts - 1) / parts;
}

bool blends_features(const Program& program, const SlicePlan& plan) {
  return program.head->taps &&
         plan.windows() * plan.x.window * plan.y.window > kWorthwhileOverlap * plan.image_x * plan.image_y;
}

}  // namespace

NativeInferer::NativeInferer(const Program& program, const Kernels& kernels, const SlicePlan& plan,
                             const SliceInfererOptions& options)
    : program_(program),
      plan_(plan),
      options_(options),
      pool_(options.threads),
      executor_(program, kernels, pool_, {plan.x.window, plan.y.window}, HeadPlace::apart),
      total_importance_(total_importance(plan)),
      shares_(1),
      window_(static_cast<std::size_t>(plan.x.window * plan.y.window)) {
  executor_.check_scores();
  std::int64_t together = 1;
  if (blends_features(program, plan)) {
    together = windows_together(plan, std::min(options.windows_at_once, kUsefulWindows));
    linear_.emplace(*program.head->taps, kernels, pool_, plan_, together);
  }
  for (std::int64_t w = 0; w < together; ++w) features_.push_back(executor_.make_features());
  shares_.resize(features_.size());
}

LayerInput NativeInferer::features_of(const float* image, const WindowPlace& place, FeatureMap* features) {
  if (options_.before_batch) options_.before_batch();
  cut_window(plan_, image, place, window_.data());
  ++windows_done_;
  // Background: all windows of that value have the same features, which are kept.
  const bool constant = std::all_of(window_.begin(), window_.end(), [&](float v) { return v == window_[0]; });
  if (!constant || constant_.value_or(window_[0]) != window_[0]) {
    executor_.run_to_head({window_.data()}, features);
    return features->input();
  }
  if (!constant_) {
    constant_features_ = executor_.make_features();
    executor_.run_to_head({window_.data()}, &constant_features_);
    constant_ = window_[0];
  }
  return constant_features_.input();
}

void NativeInferer::window_shares(const WindowPlace& place, std::vector<float>* shares) const {
  shares->assign(plan_.importance.size(), 0.0F);
  const VisiblePart seen = visible_part(plan_, place);
  for (std::int64_t i = seen.x_begin; i < seen.x_end; ++i) {
    const float* total = total_importance_.data() + (place.x + i) * plan_.image_y + place.y;
    const float* importance = plan_.importance.data() + i * plan_.y.window;
    float* share = shares->data() + i * plan_.y.window;
    for (std::int64_t j = seen.y_begin; j < seen.y_end; ++j) share[j] = importance[j] / total[j];
  }
}

void NativeInferer::blend_outputs(const float* image, ScoreSlice* scores) {
  pool_.run(scores->blocks() * plan_.image_x, [&](std::int64_t item, int) {
    const std::int64_t block = item / plan_.image_x;
    const float* bias = program_.head->layer.bias.data() + block * ScoreSlice::kVector;
    float* out = scores->at(block, item % plan_.image_x, 0);
    for (std::int64_t y = 0; y < plan_.image_y; ++y, out += ScoreSlice::kVector) {
      std::copy(bias, bias + ScoreSlice::kVector, out);
    }
  });
  BlendTarget target;
  target.sums = whole_map(scores->data(), static_cast<int>(scores->blocks()),
                          {1, static_cast<int>(scores->nx()), static_cast<int>(scores->ny())});
  for (const WindowPlace& place : window_places(plan_)) {
    window_shares(place, &shares_[0]);
    target.row = static_cast<int>(place.x);
    target.column = static_cast<int>(place.y);
    target.weights = shares_[0].data();
    executor_.convolver().blend(program_.head->layer, features_of(image, place, &features_[0]),
                                executor_.extent().rows, executor_.extent().columns, target);
  }
}

void NativeInferer::blend_features(const float* image, ScoreSlice* scores) {
  const std::vector<WindowPlace> places = window_places(plan_);
  linear_->restart();
  std::vector<WindowFeatures> together;
  for (std::size_t w = 0; w < places.size(); ++w) {
    const std::size_t n = together.size();
    window_shares(places[w], &shares_[n]);
    together.push_back({features_of(image, places[w], &features_[n]), places[w], shares_[n].data()});
    const bool last = w + 1 == places.size();
    const bool row_ends = last || places[w + 1].x != places[w].x;
    const bool whole_rows = features_.size() % plan_.y.starts.size() == 0;
    if (together.size() < features_.size() && (whole_rows ? !last : !row_ends)) continue;
    linear_->add(together);
    together.clear();
    linear_->finish_rows(last ? plan_.image_x : places[w + 1].x, scores);
  }
}

// The page faults of fresh memory for 114 classes took 2 % of the time of a slice of 21 windows.
std::shared_ptr<ScoreSlice> NativeInferer::free_slice() {
  for (const std::shared_ptr<ScoreSlice>& slice : slices_) {
    if (slice.use_count() == 1) return slice;
  }
  slices_.push_back(std::make_shared<ScoreSlice>(options_.classes, plan_.image_x, plan_.image_y));
  return slices_.back();
}

std::vector<std::shared_ptr<const ScoreSlice>> NativeInferer::run(const std::vector<const float*>& images) {
  std::vector<std::shared_ptr<const ScoreSlice>> result;
  for (const float* image : images) {
    std::shared_ptr<ScoreSlice> scores = free_slice();
    if (linear_) {
      blend_features(image, scores.get());
    } else {
      blend_outputs(image, scores.get());
    }
    result.push_back(std::move(scores));
  }
  return result;
}

bool has_blend(const Program& program) {
  const net::Graph& graph = program.graph;
  return program.head && graph.axes == 2 && graph.inputs.size() == 1 &&
         graph.layers[graph.inputs[0].layer].channels == 1;
}

EngineMemory native_memory(const Program& program, const SlicePlan& plan, int threads) {
  constexpr std::int64_t kBlendScratch = 1 << 20;  // floats of a thread
  const MapPlan maps = plan_maps(program, {plan.x.window, plan.y.window}, threads, HeadPlace::apart);
  const auto bytes = [](std::int64_t floats) { return static_cast<std::size_t>(floats) * sizeof(float); };
  EngineMemory memory;
  memory.fixed = bytes(maps.floats + maps.scratch + threads * kBlendScratch);
  memory.useful_windows = 1;
  const std::int64_t pixels = plan.x.window * plan.y.window;
  if (!has_blend(program)) {
    memory.per_window = bytes(pixels * (1 + program.outputs[0].count()));
    return memory;
  }
  const Value& input = program.head->input;
  const std::size_t features = bytes(input.blocks * kLanes * maps.maps[input.map].extent.pixels());
  memory.per_window = features;
  memory.fixed += features;  // those of a constant window
  if (blends_features(program, plan)) {
    memory.useful_windows = windows_together(plan, kUsefulWindows);
    memory.fixed += static_cast<std::size_t>(LinearBlend::bytes(input.blocks, plan, memory.useful_windows));
  }
  return memory;
}

}  // namespace musclemap::infer::native
