#include "infer/window_plan.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "infer/window_weights.hpp"

namespace musclemap::infer {
namespace {

// nnU-Net 2: `compute_steps_for_sliding_window`.
std::vector<std::int64_t> equal_steps(std::int64_t size, std::int64_t window, double step_part) {
  const auto way = static_cast<double>(size - window);
  const double most = static_cast<double>(window) * step_part;
  // A step below a voxel is one.
  const auto steps = static_cast<std::int64_t>(std::min(way, std::ceil(way / most)));
  std::vector<std::int64_t> starts;
  for (std::int64_t n = 0; n <= steps; ++n) {
    const double step = steps > 0 ? way / static_cast<double>(steps) : 0;
    starts.push_back(static_cast<std::int64_t>(std::nearbyint(step * static_cast<double>(n))));
  }
  return starts;
}

}  // namespace

std::vector<std::int64_t> window_starts(std::int64_t size, std::int64_t window, double overlap_or_step,
                                        Placement placement) {
  if (placement == Placement::nnunet) return equal_steps(size, window, overlap_or_step);
  std::int64_t interval = window;
  if (window != size) {
    interval = std::max<std::int64_t>(
        1, static_cast<std::int64_t>(static_cast<double>(window) * (1 - overlap_or_step)));
  }
  std::vector<std::int64_t> starts;
  for (std::int64_t start = 0; starts.empty() || starts.back() + window < size; start += interval) {
    starts.push_back(std::min(start, size - window));
  }
  return starts;
}

AxisPlan plan_axis(std::int64_t image, std::int64_t window, double overlap_or_step, std::int64_t least,
                   Placement placement) {
  const std::int64_t size = std::max(image, least);
  const std::int64_t missing = std::max<std::int64_t>(window - size, 0);
  AxisPlan plan{window, missing / 2, window_starts(size + missing, window, overlap_or_step, placement)};
  while (plan.starts.back() - plan.pad_low >= image) plan.starts.pop_back();
  return plan;
}

WindowPlan plan_windows(const WindowSpec& windows, const Index3& image) {
  WindowPlan plan;
  plan.image = image;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    plan.axes[axis] = windows.size[axis] == 1
                          ? plan_axis(image[axis], 1, 0)
                          : plan_axis(image[axis], windows.size[axis], windows.overlap_or_step,
                                      windows.least[axis], windows.placement);
  }
  return plan;
}

SlicePlan plan_slice(const WindowSpec& windows, std::int64_t image_x, std::int64_t image_y) {
  WindowPlan plan = plan_windows(windows, {image_x, image_y, 1});
  return {std::move(plan.axes[0]), std::move(plan.axes[1]), image_x, image_y,
          window_weights(windows.weight, windows.size)};
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

std::vector<float> total_importance(const SlicePlan& plan) {
  std::vector<float> total(static_cast<std::size_t>(plan.image_x * plan.image_y), 0.0F);
  for (const WindowPlace& place : window_places(plan)) {
    const VisiblePart part = visible_part(plan, place);
    for (std::int64_t i = part.x_begin; i < part.x_end; ++i) {
      float* row = total.data() + (place.x + i) * plan.image_y + place.y;
      const float* weights = plan.importance.data() + i * plan.y.window;
      for (std::int64_t j = part.y_begin; j < part.y_end; ++j) row[j] += weights[j];
    }
  }
  return total;
}

}  // namespace musclemap::infer
