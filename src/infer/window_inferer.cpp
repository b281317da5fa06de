#include "infer/window_inferer.hpp"

#include <algorithm>
#include <utility>

#include "base/parallel.hpp"

namespace musclemap::infer {

using image::ScoreSlice;

WindowInferer::WindowInferer(Engine& engine, SlicePlan plan, SliceInfererOptions options)
    : engine_(engine),
      plan_(std::move(plan)),
      options_(std::move(options)),
      total_importance_(total_importance(plan_)) {}

std::int64_t WindowInferer::slices_at_once() const {
  return (options_.windows_at_once + plan_.windows() - 1) / plan_.windows();
}

// scores += logits * importance for the classes of a block; the product and the sum are rounded one after the
// other.
void WindowInferer::add(const float* logits, const WindowPlace& place, std::int64_t block,
                        ScoreSlice* scores) const {
  const std::int64_t window_size = plan_.x.window * plan_.y.window;
  const std::int64_t first_class = block * ScoreSlice::kVector;
  const std::int64_t classes = std::min(ScoreSlice::kVector, options_.classes - first_class);
  const VisiblePart seen = visible_part(plan_, place);
  for (std::int64_t i = seen.x_begin; i < seen.x_end; ++i) {
    const std::int64_t first = i * plan_.y.window;
    for (std::int64_t j = seen.y_begin; j < seen.y_end; ++j) {
      const float* logit = logits + first_class * window_size + first + j;
      const float weight = plan_.importance[static_cast<std::size_t>(first + j)];
      float* out = scores->at(block, place.x + i, place.y + j);
      for (std::int64_t c = 0; c < classes; ++c) out[c] += logit[c * window_size] * weight;
    }
  }
}

std::vector<std::shared_ptr<const ScoreSlice>> WindowInferer::run(const std::vector<const float*>& images) {
  const auto window_size = static_cast<std::size_t>(plan_.x.window * plan_.y.window);
  const auto classes = static_cast<std::size_t>(options_.classes);
  std::vector<std::shared_ptr<ScoreSlice>> scores;
  std::vector<Job> jobs;
  for (std::size_t image = 0; image < images.size(); ++image) {
    scores.push_back(std::make_shared<ScoreSlice>(options_.classes, plan_.image_x, plan_.image_y));
    for (const WindowPlace& place : window_places(plan_)) jobs.push_back({image, place});
  }

  const auto batch = static_cast<std::size_t>(options_.windows_at_once);
  windows_.resize(std::min(batch, jobs.size()) * window_size);
  logits_.resize(std::min(batch, jobs.size()) * window_size * classes);
  for (std::size_t first = 0; first < jobs.size(); first += batch) {
    if (options_.before_batch) options_.before_batch();
    const std::size_t count = std::min(batch, jobs.size() - first);
    for (std::size_t w = 0; w < count; ++w) {
      cut_window(plan_, images[jobs[first + w].image], jobs[first + w].place,
                 windows_.data() + w * window_size);
    }
    engine_.run(windows_.data(), {static_cast<std::int64_t>(count), 1, plan_.x.window, plan_.y.window},
                options_.classes, logits_.data());
    // Classes are independent; within a class the windows are added in their order.
    base::parallel_for(scores[0]->blocks(), options_.threads, [&](std::int64_t block) {
      for (std::size_t w = 0; w < count; ++w) {
        const Job& job = jobs[first + w];
        add(logits_.data() + w * window_size * classes, job.place, block, scores[job.image].get());
      }
    });
    windows_done_ += static_cast<std::int64_t>(count);
  }

  for (const auto& score : scores) {
    base::parallel_for(score->blocks(), options_.threads, [&](std::int64_t block) {
      float* out = score->at(block, 0, 0);
      for (const float total : total_importance_) {
        for (std::int64_t c = 0; c < ScoreSlice::kVector; ++c) out[c] /= total;
        out += ScoreSlice::kVector;
      }
    });
  }
  return {scores.begin(), scores.end()};
}

}  // namespace musclemap::infer
