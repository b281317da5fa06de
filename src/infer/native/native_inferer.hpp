// Blended scores of slices by the native engine: the last layer adds to the slice, no logits are stored.
#ifndef MUSCLEMAP_INFER_NATIVE_NATIVE_INFERER_HPP_
#define MUSCLEMAP_INFER_NATIVE_NATIVE_INFERER_HPP_

#include <cstdint>
#include <memory>
#include <vector>

#include "base/worker_pool.hpp"
#include "infer/engine.hpp"
#include "infer/native/forward.hpp"

namespace musclemap::infer::native {

class NativeInferer : public SliceInferer {
 public:
  /// `layers` and `kernels` must outlive it.
  NativeInferer(const UNetLayers& layers, const Kernels& kernels, const SlicePlan& plan,
                const SliceInfererOptions& options);

  std::int64_t slices_at_once() const override { return 1; }
  std::int64_t windows_done() const override { return windows_done_; }
  std::vector<std::shared_ptr<const image::ScoreSlice>> run(const std::vector<const float*>& images) override;

 private:
  void blend_windows(const float* image, image::ScoreSlice* scores);
  /// Sums to means, and the class bias.
  void finish(image::ScoreSlice* scores);

  const UNetLayers& layers_;
  SlicePlan plan_;
  SliceInfererOptions options_;
  base::WorkerPool pool_;
  Forward forward_;
  std::vector<float> importance_;
  std::vector<float> total_importance_;  // [x][y]
  std::vector<float> window_;
  std::int64_t windows_done_ = 0;
};

/// See Engine::memory().
EngineMemory native_memory(const UNetLayers& layers, std::int64_t pixels, std::int64_t classes);

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_NATIVE_INFERER_HPP_
