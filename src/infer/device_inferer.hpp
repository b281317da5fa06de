// Slices blended by an engine module where its network runs, so that logits of windows never leave the
// device.
#ifndef MUSCLEMAP_INFER_DEVICE_INFERER_HPP_
#define MUSCLEMAP_INFER_DEVICE_INFERER_HPP_

#include <cstdint>
#include <memory>
#include <vector>

#include "infer/engine_module.h"
#include "infer/slice_inferer.hpp"
#include "infer/window_plan.hpp"

namespace musclemap::infer {

class DeviceInferer : public SliceInferer {
 public:
  /// `model` is one of `functions`; both outlive it.
  DeviceInferer(const musclemap_engine_functions& functions, void* model, const SlicePlan& plan,
                SliceInfererOptions options);

  std::int64_t slices_at_once() const override { return 1; }
  std::int64_t windows_done() const override { return windows_done_; }
  std::vector<std::shared_ptr<const image::ScoreSlice>> run(const std::vector<const float*>& images) override;

 private:
  const musclemap_engine_functions& functions_;
  void* model_;
  SlicePlan plan_;
  SliceInfererOptions options_;
  std::vector<float> importance_;
  std::vector<std::int64_t> places_;
  std::int64_t windows_done_ = 0;
};

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_DEVICE_INFERER_HPP_
