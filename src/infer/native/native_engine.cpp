#include "infer/native/native_engine.hpp"

#include <cstring>

#include "infer/native/native_inferer.hpp"
#include "musclemap/error.hpp"

namespace musclemap::infer::native {

NativeEngine::NativeEngine(const Network& network, base::Isa isa, int threads)
    : kernels_(kernels_for(isa)),
      layers_(prepare_unet(network.unet, network.weights, threads)),
      pool_(threads) {
  name_ = std::string("native ") + base::isa_name(isa);
}

void NativeEngine::run(const float* windows, const std::vector<std::int64_t>& shape,
                       std::int64_t out_channels, float* logits) {
  const auto levels = static_cast<int>(layers_.up.size());
  const auto rows = static_cast<int>(shape.at(2));
  const auto columns = static_cast<int>(shape.at(3));
  if (shape.size() != 4 || shape[1] != layers_.in_channels || out_channels != layers_.out_channels ||
      rows % (1 << levels) != 0 || columns % (1 << levels) != 0) {
    throw Error(ErrorCode::model, "the network takes " + std::to_string(layers_.in_channels) +
                                      " channels of a multiple of " + std::to_string(1 << levels) +
                                      " pixels and gives " + std::to_string(layers_.out_channels));
  }
  if (forward_ == nullptr || forward_->rows() != rows || forward_->columns() != columns) {
    forward_ = std::make_unique<Forward>(layers_, kernels_, pool_, rows, columns);
    logits_ = FeatureMap(layers_.last().output_blocks, rows, columns);
  }
  const std::int64_t pixels = shape[2] * shape[3];
  for (std::int64_t w = 0; w < shape[0]; ++w) {
    const LayerInput features = forward_->run(windows + w * shape[1] * pixels);
    forward_->convolver().store(layers_.last(), features, logits_.map(), nullptr);
    float* to = logits + w * out_channels * pixels;
    pool_.run(out_channels, [&](std::int64_t c, int) {
      const float* from = logits_.map().block(static_cast<int>(c / kLanes)) + c % kLanes;
      for (std::int64_t p = 0; p < pixels; ++p) to[c * pixels + p] = from[p * kLanes];
    });
  }
  pool_.stop();  // no thread of the library outlives a call of it
}

std::unique_ptr<SliceInferer> NativeEngine::infer_slices(const SlicePlan& plan,
                                                         const SliceInfererOptions& options) {
  return std::make_unique<NativeInferer>(layers_, kernels_, plan, options);
}

EngineMemory NativeEngine::memory(const SlicePlan& plan, std::int64_t) const {
  return native_memory(layers_, plan);
}

}  // namespace musclemap::infer::native
