#include "infer/device_class_inferer.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "image/held_slices.hpp"
#include "image/slice_neighbours.hpp"
#include "infer/module_message.hpp"

namespace musclemap::infer {
namespace {

// What the module's callback needs; no exception may cross the module.
struct Asked {
  const SliceInfererOptions& options;
  std::exception_ptr stopped;
};

std::int32_t go_on(void* user) {
  auto& asked = *static_cast<Asked*>(user);
  try {
    if (asked.options.before_batch) asked.options.before_batch();
    return 1;
  } catch (...) {
    asked.stopped = std::current_exception();
    return 0;
  }
}

}  // namespace

DeviceClassInferer::DeviceClassInferer(const musclemap_engine_functions& functions, void* model,
                                       const SlicePlan& plan, SliceInfererOptions options, ClassTask task)
    : functions_(functions),
      model_(model),
      plan_(plan),
      options_(std::move(options)),
      task_(std::move(task)),
      classes_(static_cast<std::size_t>(task_.back.target[0] * task_.back.target[1])) {
  for (const WindowPlace& place : window_places(plan)) {
    places_.push_back(place.x);
    places_.push_back(place.y);
  }
}

const std::vector<std::int16_t>& DeviceClassInferer::slice(std::int64_t k) {
  image::hold_slices(
      task_.back.box, task_.back.resampler.get(), k, task_.falling,
      [this](std::int64_t z) { return blend(z); }, &held_);
  if (held_.empty()) {
    std::fill(classes_.begin(), classes_.end(), std::int16_t{0});
  } else {
    classify(k);
  }
  return classes_;
}

std::unique_ptr<ModuleScores> DeviceClassInferer::blend(std::int64_t z) {
  const std::vector<float> image = task_.image_of(z);
  Asked asked{options_, nullptr};
  musclemap_engine_slice slice{};
  slice.image = image.data();
  slice.nx = plan_.image_x;
  slice.ny = plan_.image_y;
  slice.window_x = plan_.x.window;
  slice.window_y = plan_.y.window;
  slice.places = places_.data();
  slice.windows = plan_.windows();
  slice.batch = options_.windows_at_once;
  slice.importance = plan_.importance.data();
  slice.classes = options_.classes;
  slice.go_on = go_on;
  slice.user = &asked;
  std::int64_t handle = 0;
  ModuleMessage message;
  const std::int32_t status = functions_.blend(model_, &slice, &handle, message.text());
  if (asked.stopped) std::rethrow_exception(asked.stopped);
  if (status != 0) message.fail(status, "the network does not run: ");
  auto scores = std::make_unique<ModuleScores>(functions_, model_, handle);
  windows_done_ += plan_.windows();
  return scores;
}

void DeviceClassInferer::classify(std::int64_t k) {
  // Neighbouring slices, so that a place along z is a place in the list.
  const image::SliceRange range{held_.begin()->first, held_.rbegin()->first + 1};
  const image::SliceNeighbours neighbours =
      image::slice_neighbours(task_.back.box, range, task_.back.resampler.get(), task_.back.target, k);
  std::vector<std::int64_t> handles;
  for (const auto& each : held_) handles.push_back(each.second->handle());
  musclemap_engine_target target{};
  target.nx = task_.back.target[0];
  target.ny = task_.back.target[1];
  target.scores = handles.data();
  target.score_count = static_cast<std::int64_t>(handles.size());
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const image::AxisNeighbours& of = neighbours[axis];
    target.axes[axis] = {of.ni, of.nj, of.count, of.places.data(), of.weights.data()};
  }
  ModuleMessage message;
  const std::int32_t status = functions_.classify(model_, &target, classes_.data(), message.text());
  if (status != 0) message.fail(status, "classes are not found: ");
}

}  // namespace musclemap::infer
