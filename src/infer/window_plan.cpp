#include "infer/window_plan.hpp"

#include <algorithm>
#include <cmath>

namespace musclemap::infer {
namespace {

constexpr double kSigmaScale = 0.125;
constexpr double kLeastImportance = 1e-3;

std::vector<float> gaussian(std::int64_t size) {
  const double sigma = kSigmaScale * static_cast<double>(size);
  const auto divisor = static_cast<float>(-2.0 * sigma * sigma);
  std::vector<float> result;
  for (std::int64_t i = 0; i < size; ++i) {
    const auto x = static_cast<float>(static_cast<double>(i) - static_cast<double>(size - 1) / 2.0);
    result.push_back(static_cast<float>(std::exp(static_cast<double>(x * x / divisor))));
  }
  return result;
}

}  // namespace

std::vector<std::int64_t> window_starts(std::int64_t size, std::int64_t window, double overlap) {
  std::int64_t interval = window;
  if (window != size) {
    interval =
        std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(window) * (1 - overlap)));
  }
  std::vector<std::int64_t> starts;
  for (std::int64_t start = 0; starts.empty() || starts.back() + window < size; start += interval) {
    starts.push_back(std::min(start, size - window));
  }
  return starts;
}

AxisPlan plan_axis(std::int64_t image, std::int64_t window, double overlap, std::int64_t least) {
  const std::int64_t size = std::max(image, least);
  const std::int64_t missing = std::max<std::int64_t>(window - size, 0);
  AxisPlan plan{window, missing / 2, window_starts(size + missing, window, overlap)};
  while (plan.starts.back() - plan.pad_low >= image) plan.starts.pop_back();
  return plan;
}

std::vector<WindowPlace> window_places(const SlicePlan& plan) {
  std::vector<WindowPlace> places;
  for (const std::int64_t x : plan.x.starts) {
    for (const std::int64_t y : plan.y.starts) places.push_back({x - plan.x.pad_low, y - plan.y.pad_low});
  }
  return places;
}

VisiblePart visible_part(const SlicePlan& plan, const WindowPlace& place) {
  VisiblePart part;
  part.x_begin = std::max<std::int64_t>(-place.x, 0);
  part.x_end = std::max(part.x_begin, std::min(plan.x.window, plan.image_x - place.x));
  part.y_begin = std::max<std::int64_t>(-place.y, 0);
  part.y_end = std::max(part.y_begin, std::min(plan.y.window, plan.image_y - place.y));
  return part;
}

void cut_window(const SlicePlan& plan, const float* image, const WindowPlace& place, float* window) {
  std::fill(window, window + plan.x.window * plan.y.window, 0.0F);
  const VisiblePart part = visible_part(plan, place);
  if (part.y_begin >= part.y_end) return;
  for (std::int64_t i = part.x_begin; i < part.x_end; ++i) {
    const float* row = image + (place.x + i) * plan.image_y + place.y;
    std::copy(row + part.y_begin, row + part.y_end, window + i * plan.y.window + part.y_begin);
  }
}

std::vector<float> total_importance(const SlicePlan& plan, const std::vector<float>& importance) {
  std::vector<float> total(static_cast<std::size_t>(plan.image_x * plan.image_y), 0.0F);
  for (const WindowPlace& place : window_places(plan)) {
    const VisiblePart part = visible_part(plan, place);
    for (std::int64_t i = part.x_begin; i < part.x_end; ++i) {
      float* row = total.data() + (place.x + i) * plan.image_y + place.y;
      const float* weights = importance.data() + i * plan.y.window;
      for (std::int64_t j = part.y_begin; j < part.y_end; ++j) row[j] += weights[j];
    }
  }
  return total;
}

std::vector<float> importance_map(std::int64_t nx, std::int64_t ny) {
  const std::vector<float> gx = gaussian(nx);
  const std::vector<float> gy = gaussian(ny);
  std::vector<float> map;
  map.reserve(static_cast<std::size_t>(nx * ny));
  for (const float x : gx) {
    for (const float y : gy) map.push_back(x * y);
  }
  const double least = *std::min_element(map.begin(), map.end());
  const auto floor = static_cast<float>(std::max(least, kLeastImportance));
  for (float& weight : map) weight = std::max(weight, floor);
  return map;
}

}  // namespace musclemap::infer
