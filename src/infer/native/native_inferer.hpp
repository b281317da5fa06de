// Blended scores of slices by the native engine: no logits of a window are stored. Where few windows overlap,
// the last layer adds its weighted outputs to the slice; where many do, LinearBlend runs it once a slice.
#ifndef MUSCLEMAP_INFER_NATIVE_NATIVE_INFERER_HPP_
#define MUSCLEMAP_INFER_NATIVE_NATIVE_INFERER_HPP_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/worker_pool.hpp"
#include "infer/engine.hpp"
#include "infer/native/executor.hpp"
#include "infer/native/linear_blend.hpp"

namespace musclemap::infer::native {

class NativeInferer : public SliceInferer {
 public:
  /// `program` is one that has_blend() says yes to. It and `kernels` must outlive this. Error `model` if
  /// scores are not of the size of the window.
  NativeInferer(const Program& program, const Kernels& kernels, const SlicePlan& plan,
                const SliceInfererOptions& options);

  std::int64_t slices_at_once() const override { return 1; }
  std::int64_t windows_done() const override { return windows_done_; }
  std::vector<std::shared_ptr<const image::ScoreSlice>> run(const std::vector<const float*>& images) override;

 private:
  void blend_outputs(const float* image, image::ScoreSlice* scores);
  void blend_features(const float* image, image::ScoreSlice* scores);
  /// What the last layer reads for a window. `features` is a map for it.
  LayerInput features_of(const float* image, const WindowPlace& place, FeatureMap* features);
  /// A slice for scores: one that was given out and came back, or a new one.
  std::shared_ptr<image::ScoreSlice> free_slice();
  /// The part that a window has in each of its pixels, [x][y]; 0 outside of the image.
  void window_shares(const WindowPlace& place, std::vector<float>* shares) const;

  const Program& program_;
  SlicePlan plan_;
  SliceInfererOptions options_;
  base::WorkerPool pool_;
  Executor executor_;
  std::vector<float> total_importance_;     // [x][y]
  std::vector<std::vector<float>> shares_;  // of the windows that are added together
  std::vector<float> window_;
  std::optional<LinearBlend> linear_;
  std::vector<FeatureMap> features_;                        // of the windows that are added together
  FeatureMap constant_features_;                            // of the first window of one value
  std::optional<float> constant_;                           // that value
  std::vector<std::shared_ptr<image::ScoreSlice>> slices_;  // given out, or free again
  std::int64_t windows_done_ = 0;
};

/// Whether the program takes an image and ends in a layer whose outputs can be added to a slice.
bool has_blend(const Program& program);

/// See Engine::memory().
EngineMemory native_memory(const Program& program, const SlicePlan& plan, int threads);

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_NATIVE_INFERER_HPP_
