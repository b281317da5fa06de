#include "infer/engine.hpp"

#include "infer/window_inferer.hpp"
#include "infer/window_memory.hpp"
#include "musclemap/error.hpp"

namespace musclemap::infer {

std::vector<net::Tensor> Engine::run_ports(const std::vector<net::Tensor>& /*inputs*/) {
  throw Error(ErrorCode::unsupported, name() + " runs networks of one image and its scores alone");
}

std::unique_ptr<SliceInferer> Engine::infer_slices(const SlicePlan& plan,
                                                   const SliceInfererOptions& options) {
  return std::make_unique<WindowInferer>(*this, plan, options);
}

std::unique_ptr<ClassInferer> Engine::infer_classes(const SlicePlan& /*plan*/,
                                                    const SliceInfererOptions& /*options*/,
                                                    const ClassTask& /*task*/) {
  return nullptr;
}

bool Engine::find_volume_classes(image::Field& /*field*/, const VolumeWindows& /*plan*/,
                                 const DeviceVolumeOptions& /*options*/, const ClassSink& /*sink*/) {
  return false;
}

EngineMemory Engine::memory(const SlicePlan& plan, std::int64_t classes) const {
  // What LibTorch holds at the widest layer, with the window's scores.
  return {0, window_bytes({}, {plan.x.window, plan.y.window}, classes)};
}

}  // namespace musclemap::infer
