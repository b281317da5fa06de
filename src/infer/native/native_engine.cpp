#include "infer/native/native_engine.hpp"

#include <algorithm>

#include "infer/native/compile.hpp"
#include "infer/native/native_inferer.hpp"
#include "musclemap/error.hpp"

namespace musclemap::infer::native {

std::string engine_name(base::Isa isa, bool split) {
  if (split) return std::string("native ") + base::isa_name(isa) + " bfloat16";
  return std::string("native ") + base::isa_name(std::min(isa, base::Isa::avx512));
}

bool NativeEngine::has_split(base::Isa isa) { return kernels_for(isa).multiply_split != nullptr; }

NativeEngine::NativeEngine(const Network& network, base::Isa isa, int threads, bool split)
    : kernels_(kernels_for(isa)), program_(compile(network.graph, network.weights, threads)), pool_(threads) {
  if (split) split_weights(&program_);
  name_ = engine_name(isa, split);
}

void NativeEngine::run(const float* windows, const std::vector<std::int64_t>& shape,
                       std::int64_t out_channels, float* logits) {
  const net::Graph& graph = program_.graph;
  const std::int64_t inputs = graph.layers[graph.inputs[0].layer].channels;
  const int outputs = program_.outputs[0].count();
  if (graph.inputs.size() != 1 || shape.size() != 4 || shape[1] != inputs || out_channels != outputs) {
    throw Error(ErrorCode::model, "the network takes " + std::to_string(inputs) + " channels and gives " +
                                      std::to_string(outputs));
  }
  const auto rows = static_cast<int>(shape[2]);
  const auto columns = static_cast<int>(shape[3]);
  if (executor_ == nullptr || executor_->rows() != rows || executor_->columns() != columns) {
    executor_ = std::make_unique<Executor>(program_, kernels_, pool_, rows, columns);
    executor_->check_scores();
  }
  const std::int64_t pixels = shape[2] * shape[3];
  for (std::int64_t w = 0; w < shape[0]; ++w) {
    executor_->run({windows + w * inputs * pixels});
    executor_->write_output(0, logits + w * out_channels * pixels);
  }
  pool_.stop();  // no thread of the library outlives a call of it
}

std::unique_ptr<SliceInferer> NativeEngine::infer_slices(const SlicePlan& plan,
                                                         const SliceInfererOptions& options) {
  if (!has_blend(program_)) return Engine::infer_slices(plan, options);
  return std::make_unique<NativeInferer>(program_, kernels_, plan, options);
}

EngineMemory NativeEngine::memory(const SlicePlan& plan, std::int64_t) const {
  return native_memory(program_, plan, pool_.threads());
}

}  // namespace musclemap::infer::native
