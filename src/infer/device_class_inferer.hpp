// Classes found by an engine module where its network runs: neither logits of windows nor scores of slices
// leave the device.
#ifndef MUSCLEMAP_INFER_DEVICE_CLASS_INFERER_HPP_
#define MUSCLEMAP_INFER_DEVICE_CLASS_INFERER_HPP_

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "infer/class_inferer.hpp"
#include "infer/engine_module.h"
#include "infer/slice_inferer.hpp"
#include "infer/window_plan.hpp"

namespace musclemap::infer {

/// Scores that a module keeps; they go with this.
class ModuleScores {
 public:
  ModuleScores(const musclemap_engine_functions& functions, void* model, std::int64_t handle)
      : functions_(functions), model_(model), handle_(handle) {}
  ~ModuleScores() { functions_.release(model_, handle_); }
  ModuleScores(const ModuleScores&) = delete;
  ModuleScores& operator=(const ModuleScores&) = delete;

  std::int64_t handle() const { return handle_; }

 private:
  const musclemap_engine_functions& functions_;
  void* model_;
  std::int64_t handle_;
};

class DeviceClassInferer : public ClassInferer {
 public:
  /// `model` is one of `functions`; both outlive it.
  DeviceClassInferer(const musclemap_engine_functions& functions, void* model, const SlicePlan& plan,
                     SliceInfererOptions options, ClassTask task);

  const std::vector<std::int16_t>& slice(std::int64_t k) override;
  std::int64_t windows_done() const override { return windows_done_; }

 private:
  std::unique_ptr<ModuleScores> blend(std::int64_t z);
  void classify(std::int64_t k);

  const musclemap_engine_functions& functions_;
  void* model_;
  SlicePlan plan_;
  SliceInfererOptions options_;
  ClassTask task_;
  std::vector<std::int64_t> places_;
  std::map<std::int64_t, std::unique_ptr<ModuleScores>> held_;
  std::vector<std::int16_t> classes_;
  std::int64_t windows_done_ = 0;
};

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_DEVICE_CLASS_INFERER_HPP_
