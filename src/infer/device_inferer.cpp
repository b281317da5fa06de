#include "infer/device_inferer.hpp"

#include <exception>
#include <utility>

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

DeviceInferer::DeviceInferer(const musclemap_engine_functions& functions, void* model, const SlicePlan& plan,
                             SliceInfererOptions options)
    : functions_(functions),
      model_(model),
      plan_(plan),
      options_(std::move(options)),
      importance_(importance_map(plan.x.window, plan.y.window)) {
  for (const WindowPlace& place : window_places(plan)) {
    places_.push_back(place.x);
    places_.push_back(place.y);
  }
}

std::vector<std::shared_ptr<const image::ScoreSlice>> DeviceInferer::run(
    const std::vector<const float*>& images) {
  std::vector<std::shared_ptr<const image::ScoreSlice>> result;
  for (const float* image : images) {
    auto scores = std::make_shared<image::ScoreSlice>(options_.classes, plan_.image_x, plan_.image_y);
    Asked asked{options_, nullptr};
    musclemap_engine_slice slice{};
    slice.image = image;
    slice.nx = plan_.image_x;
    slice.ny = plan_.image_y;
    slice.window_x = plan_.x.window;
    slice.window_y = plan_.y.window;
    slice.places = places_.data();
    slice.windows = plan_.windows();
    slice.batch = options_.windows_at_once;
    slice.importance = importance_.data();
    slice.classes = options_.classes;
    slice.go_on = go_on;
    slice.user = &asked;
    ModuleMessage message;
    const std::int32_t status = functions_.blend(model_, &slice, scores->data(), message.text());
    if (asked.stopped) std::rethrow_exception(asked.stopped);
    if (status != 0) message.fail(status, "the network does not run: ");
    windows_done_ += plan_.windows();
    result.push_back(std::move(scores));
  }
  return result;
}

}  // namespace musclemap::infer
