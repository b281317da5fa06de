// The engine of this project: fused kernels for 2-D UNets on the CPU, without LibTorch.
#ifndef MUSCLEMAP_INFER_NATIVE_NATIVE_ENGINE_HPP_
#define MUSCLEMAP_INFER_NATIVE_NATIVE_ENGINE_HPP_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "infer/engine.hpp"
#include "infer/native/forward.hpp"
#include "infer/native/unet_layers.hpp"

namespace musclemap::infer::native {

class NativeEngine : public Engine {
 public:
  /// `network.unet` is one that why_not_native() has nothing against; it is not needed afterwards.
  NativeEngine(const Network& network, base::Isa isa, int threads);

  const std::string& name() const override { return name_; }
  void run(const float* windows, const std::vector<std::int64_t>& shape, std::int64_t out_channels,
           float* logits) override;
  std::unique_ptr<SliceInferer> infer_slices(const SlicePlan& plan,
                                             const SliceInfererOptions& options) override;
  EngineMemory memory(const SlicePlan& plan, std::int64_t classes) const override;

 private:
  std::string name_;
  const Kernels& kernels_;
  UNetLayers layers_;
  base::WorkerPool pool_;
  std::unique_ptr<Forward> forward_;  // of the last window size that run() met
  FeatureMap logits_;
};

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_NATIVE_ENGINE_HPP_
