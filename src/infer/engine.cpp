#include "infer/engine.hpp"

#include "base/aligned.hpp"
#include "base/parallel.hpp"
#include "infer/window_inferer.hpp"
#include "infer/window_memory.hpp"
#include "musclemap/error.hpp"

namespace musclemap::infer {

void take_rows(const float* scores, const std::vector<std::int64_t>& shape, int threads,
               const ScoreTaker& taker) {
  const std::int64_t line = shape.back();
  const std::int64_t rows = shape[shape.size() - 2];
  const std::int64_t planes = shape.size() > 4 ? shape[2] : 1;
  for (std::int64_t z = 0; z < planes; ++z) {
    taker.plane(z);
    base::parallel_for(rows, threads, [&](std::int64_t y) {
      taker.piece({z, y, 0, line, scores + (z * rows + y) * line, planes * rows * line});
    });
  }
}

void Engine::stream(const float* window, const std::vector<std::int64_t>& shape, std::int64_t out_channels,
                    int threads, const ScoreTaker& taker) {
  std::int64_t values = out_channels;
  for (std::size_t axis = 2; axis < shape.size(); ++axis) values *= shape[axis];
  // Of its own for every window: its pages are taken once the network has given back its maps.
  base::AlignedFloats scores(values);
  run(window, shape, out_channels, scores.data());
  take_rows(scores.data(), shape, threads, taker);
}

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
