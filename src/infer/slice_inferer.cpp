#include "infer/slice_inferer.hpp"

#include <algorithm>
#include <utility>

#include "base/parallel.hpp"

namespace musclemap::infer {

SliceInferer::SliceInferer(Engine& engine, AxisPlan x, AxisPlan y, std::int64_t image_x, std::int64_t image_y,
                           SliceInfererOptions options)
    : engine_(engine),
      x_(std::move(x)),
      y_(std::move(y)),
      image_x_(image_x),
      image_y_(image_y),
      options_(std::move(options)),
      importance_(importance_map(x_.window, y_.window)),
      total_importance_(static_cast<std::size_t>(image_x * image_y), 0.0F) {
  const std::vector<float> ones(static_cast<std::size_t>(x_.window * y_.window), 1.0F);
  for (const std::int64_t sx : x_.starts) {
    for (const std::int64_t sy : y_.starts) {
      add(ones.data(), {0, sx - x_.pad_low, sy - y_.pad_low}, 0, total_importance_.data());
    }
  }
}

std::int64_t SliceInferer::windows_per_slice() const {
  return static_cast<std::int64_t>(x_.starts.size() * y_.starts.size());
}

void SliceInferer::cut(const float* image, const Job& job, float* window) const {
  std::fill(window, window + x_.window * y_.window, 0.0F);
  const std::int64_t y_begin = std::max<std::int64_t>(job.y, 0);
  const std::int64_t y_end = std::min(job.y + y_.window, image_y_);
  if (y_begin >= y_end) return;
  for (std::int64_t i = 0; i < x_.window; ++i) {
    const std::int64_t x = job.x + i;
    if (x < 0 || x >= image_x_) continue;
    const float* row = image + x * image_y_;
    std::copy(row + y_begin, row + y_end, window + i * y_.window + (y_begin - job.y));
  }
}

// scores += logits * importance for class c; the product and the sum are rounded one after the other.
void SliceInferer::add(const float* logits, const Job& job, std::int64_t c, float* scores) const {
  const std::int64_t y_begin = std::max<std::int64_t>(job.y, 0);
  const std::int64_t y_end = std::min(job.y + y_.window, image_y_);
  const float* plane = logits + c * x_.window * y_.window;
  for (std::int64_t i = 0; i < x_.window; ++i) {
    const std::int64_t x = job.x + i;
    if (x < 0 || x >= image_x_) continue;
    const std::int64_t first = i * y_.window + (y_begin - job.y);
    const float* logit = plane + first;
    const float* weight = importance_.data() + first;
    float* out = scores + (c * image_x_ + x) * image_y_ + y_begin;
    for (std::int64_t y = 0; y < y_end - y_begin; ++y) out[y] += logit[y] * weight[y];
  }
}

std::vector<std::shared_ptr<const std::vector<float>>> SliceInferer::run(
    const std::vector<const float*>& images) {
  const auto window_size = static_cast<std::size_t>(x_.window * y_.window);
  const auto classes = static_cast<std::size_t>(options_.classes);
  const auto plane = static_cast<std::size_t>(image_x_ * image_y_);
  std::vector<std::shared_ptr<std::vector<float>>> scores;
  std::vector<Job> jobs;
  for (std::size_t image = 0; image < images.size(); ++image) {
    scores.push_back(std::make_shared<std::vector<float>>(classes * plane, 0.0F));
    for (const std::int64_t sx : x_.starts) {
      for (const std::int64_t sy : y_.starts) jobs.push_back({image, sx - x_.pad_low, sy - y_.pad_low});
    }
  }

  const auto batch = static_cast<std::size_t>(options_.windows_per_batch);
  windows_.resize(std::min(batch, jobs.size()) * window_size);
  logits_.resize(std::min(batch, jobs.size()) * window_size * classes);
  for (std::size_t first = 0; first < jobs.size(); first += batch) {
    if (options_.before_batch) options_.before_batch();
    const std::size_t count = std::min(batch, jobs.size() - first);
    for (std::size_t w = 0; w < count; ++w) {
      cut(images[jobs[first + w].image], jobs[first + w], windows_.data() + w * window_size);
    }
    engine_.run(windows_.data(), {static_cast<std::int64_t>(count), 1, x_.window, y_.window},
                options_.classes, logits_.data());
    // Classes are independent; within a class the windows are added in their order.
    base::parallel_for(options_.classes, options_.threads, [&](std::int64_t c) {
      for (std::size_t w = 0; w < count; ++w) {
        const Job& job = jobs[first + w];
        add(logits_.data() + w * window_size * classes, job, c, scores[job.image]->data());
      }
    });
    windows_done_ += static_cast<std::int64_t>(count);
  }

  base::parallel_for(options_.classes, options_.threads, [&](std::int64_t c) {
    for (const auto& score : scores) {
      float* out = score->data() + static_cast<std::size_t>(c) * plane;
      for (std::size_t p = 0; p < plane; ++p) out[p] /= total_importance_[p];
    }
  });
  return {scores.begin(), scores.end()};
}

}  // namespace musclemap::infer
