// The engine of this project: fused kernels for 2-D and 3-D networks on the CPU, without LibTorch.
#ifndef MUSCLEMAP_INFER_NATIVE_NATIVE_ENGINE_HPP_
#define MUSCLEMAP_INFER_NATIVE_NATIVE_ENGINE_HPP_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "infer/engine.hpp"
#include "infer/native/executor.hpp"
#include "infer/reference/reference.hpp"

namespace musclemap::infer::native {

/// "native avx512", "native amx bfloat16": with the instruction set that its products take.
std::string engine_name(base::Isa isa, bool split);

class NativeEngine : public Engine {
 public:
  /// `network.graph` is one that why_not_native() has nothing against; it is not needed afterwards. `split`:
  /// products of split numbers (kernels.hpp), where has_split() says that there are such kernels.
  NativeEngine(const Network& network, base::Isa isa, int threads, bool split = false);
  static bool has_split(base::Isa isa);
  /// spot_check() of a window; `weights` are those of the network.
  std::string check_layers(const std::vector<net::Tensor>& inputs, const net::StateDict& weights,
                           const AfterLayer& after_layer);

  const std::string& name() const override { return name_; }
  void run(const float* windows, const std::vector<std::int64_t>& shape, std::int64_t out_channels,
           float* logits) override;
  void stream(const float* window, const std::vector<std::int64_t>& shape, std::int64_t out_channels,
              int threads, const ScoreTaker& taker) override;
  std::vector<net::Tensor> run_ports(const std::vector<net::Tensor>& inputs) override;
  std::unique_ptr<SliceInferer> infer_slices(const SlicePlan& plan,
                                             const SliceInfererOptions& options) override;
  void set_between_layers(const std::function<void()>& between) override { between_layers_ = between; }
  void rest() override { executor_.reset(); }
  EngineMemory memory(const SlicePlan& plan, std::int64_t classes) const override;

 private:
  /// Error `model` unless windows of that shape go in and so many channels come out, one score a pixel.
  Executor& checked_executor(const std::vector<std::int64_t>& shape, std::int64_t out_channels);
  /// For that size of window; the one of the size before is gone.
  Executor& executor_for(const std::vector<std::int64_t>& sizes);

  std::string name_;
  const Kernels& kernels_;
  Program program_;
  bool split_;
  base::WorkerPool pool_;
  std::function<void()> between_layers_;
  std::unique_ptr<Executor> executor_;  // of the last window size that was met
};

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_NATIVE_ENGINE_HPP_
