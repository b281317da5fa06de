#include "infer/engine.hpp"

#include <algorithm>

#include "infer/window_inferer.hpp"
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

EngineMemory Engine::memory(const SlicePlan& plan, std::int64_t classes) const {
  // The window's scores, and what LibTorch holds at the widest layer (five maps of the classes' width,
  // measured).
  constexpr std::int64_t kMaps = 6;
  constexpr std::int64_t kLeastWidth = 64;
  const std::int64_t pixels = plan.x.window * plan.y.window;
  return {0, static_cast<std::size_t>(kMaps * pixels * std::max(classes, kLeastWidth)) * sizeof(float)};
}

}  // namespace musclemap::infer
