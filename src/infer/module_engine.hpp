// A network that an engine module holds.
#ifndef MUSCLEMAP_INFER_MODULE_ENGINE_HPP_
#define MUSCLEMAP_INFER_MODULE_ENGINE_HPP_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "infer/engine.hpp"
#include "infer/engine_module.h"
#include "infer/module_network.hpp"

namespace musclemap::infer {

class ModuleEngine : public Engine {
 public:
  /// `functions` are those of an open module. `cuda_index` < 0: on the CPU.
  ModuleEngine(const musclemap_engine_functions& functions, const ModuleNetwork& network, int cuda_index);
  ~ModuleEngine() override;
  ModuleEngine(const ModuleEngine&) = delete;
  ModuleEngine& operator=(const ModuleEngine&) = delete;

  const std::string& name() const override { return name_; }
  void run(const float* windows, const std::vector<std::int64_t>& shape, std::int64_t out_channels,
           float* logits) override;
  std::vector<net::Tensor> run_ports(const std::vector<net::Tensor>& inputs) override;
  std::unique_ptr<ClassInferer> infer_classes(const SlicePlan& plan, const SliceInfererOptions& options,
                                              const ClassTask& task) override;
  /// Networks of three axes, on a GPU, or where `options.on_device` asks for it.
  bool find_volume_classes(image::Field& field, const VolumeWindows& plan, const DeviceVolumeOptions& options,
                           const ClassSink& sink) override;

 private:
  class Room;
  void run(const std::vector<musclemap_engine_values>& inputs, Room& room);

  const musclemap_engine_functions& functions_;
  std::string name_;
  bool on_gpu_;
  void* model_ = nullptr;
};

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_MODULE_ENGINE_HPP_
