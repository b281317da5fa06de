#include "infer/device_volume.hpp"

#include <algorithm>
#include <array>

#include "infer/engine_module.h"
#include "infer/module_message.hpp"

namespace musclemap::infer {
namespace {

class DeviceVolume {
 public:
  DeviceVolume(const musclemap_engine_functions& functions, void* model, const VolumeWindows& plan,
               const DeviceVolumeOptions& options)
      : functions_(functions), model_(model), plan_(plan), channels_(options.channels) {
    musclemap_engine_volume volume{};
    volume.channels = options.channels;
    volume.classes = options.classes;
    const std::array<const AxisPlan*, 3> axes{&plan.z, &plan.y, &plan.x};
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
      const std::int64_t size = plan.image.at(2 - axis);
      volume.sizes[axis] = size;
      volume.window[axis] = axes[axis]->window;
      volume.low[axis] = axes[axis]->pad_low;
      const std::int64_t end = axes[axis]->starts.back() + axes[axis]->window - axes[axis]->pad_low;
      volume.high[axis] = std::max<std::int64_t>(end - size, 0);
    }
    volume.weights = plan.weights.data();
    ModuleMessage message;
    check(functions_.volume_begin(model_, &volume, &handle_, message.text()), message);
  }
  ~DeviceVolume() { functions_.release(model_, handle_); }
  DeviceVolume(const DeviceVolume&) = delete;
  DeviceVolume& operator=(const DeviceVolume&) = delete;

  void read(image::Field& field, std::int64_t z) {
    const std::int64_t nx = plan_.image[0];
    const std::int64_t ny = plan_.image[1];
    const std::vector<float> columns = field.values(image::slice_of(image::whole(plan_.image), z));
    rows_.resize(columns.size());
    for (std::int64_t c = 0; c < channels_; ++c) {
      for (std::int64_t x = 0; x < nx; ++x) {
        for (std::int64_t y = 0; y < ny; ++y) {
          rows_[static_cast<std::size_t>((c * ny + y) * nx + x)] =
              columns[static_cast<std::size_t>((c * nx + x) * ny + y)];
        }
      }
    }
    ModuleMessage message;
    check(functions_.volume_slice(model_, handle_, z, rows_.data(), message.text()), message);
  }

  // (count, 3)
  void run(const std::vector<std::int64_t>& places) {
    ModuleMessage message;
    const auto count = static_cast<std::int64_t>(places.size() / 3);
    check(functions_.volume_windows(model_, handle_, places.data(), count, message.text()), message);
  }

  void finish(std::int64_t z, const ClassSink& sink) {
    found_.resize(static_cast<std::size_t>(plan_.image[0] * plan_.image[1]));
    ModuleMessage message;
    check(functions_.volume_classes(model_, handle_, z, found_.data(), message.text()), message,
          "classes are not found: ");
    sink(z, {found_.begin(), found_.end()});
  }

 private:
  static void check(std::int32_t status, const ModuleMessage& message,
                    const char* what = "the network does not run: ") {
    if (status != 0) message.fail(status, what);
  }

  const musclemap_engine_functions& functions_;
  void* model_;
  const VolumeWindows& plan_;
  std::int64_t channels_;
  std::int64_t handle_ = 0;
  std::vector<float> rows_;
  std::vector<std::int16_t> found_;
};

}  // namespace

void device_volume_classes(const musclemap_engine_functions& functions, void* model, image::Field& field,
                           const VolumeWindows& plan, const DeviceVolumeOptions& options,
                           const ClassSink& sink) {
  DeviceVolume volume(functions, model, plan, options);
  const auto at_once = static_cast<std::size_t>(std::max<std::int64_t>(1, options.windows_at_once)) * 3;
  std::int64_t n = 0;
  std::int64_t read = 0;
  std::int64_t finished = 0;
  for (const std::int64_t z_start : plan.z.starts) {
    const std::int64_t z = z_start - plan.z.pad_low;
    for (; finished < z; ++finished) volume.finish(finished, sink);
    for (; read < std::min(z + plan.z.window, plan.image[2]); ++read) volume.read(field, read);
    std::vector<std::int64_t> places;
    for (const std::int64_t y_start : plan.y.starts) {
      for (const std::int64_t x_start : plan.x.starts) {
        if (options.before_window) options.before_window(n++, plan.windows());
        places.insert(places.end(), {z, y_start - plan.y.pad_low, x_start - plan.x.pad_low});
        if (places.size() < at_once) continue;
        volume.run(places);
        places.clear();
      }
    }
    if (!places.empty()) volume.run(places);
  }
  for (; finished < plan.image[2]; ++finished) volume.finish(finished, sink);
}

}  // namespace musclemap::infer
