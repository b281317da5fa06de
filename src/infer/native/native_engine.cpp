#include "infer/native/native_engine.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <numeric>
#include <utility>

#include "infer/native/compile.hpp"
#include "infer/native/native_inferer.hpp"
#include "infer/native/spot_check.hpp"
#include "musclemap/error.hpp"

namespace musclemap::infer::native {

namespace {

// No thread of the library outlives a call of it, whatever it throws.
struct Stopping {
  base::WorkerPool& pool;
  ~Stopping() { pool.stop(); }
};

}  // namespace

std::string engine_name(base::Isa isa, bool split) {
  if (split) return std::string("native ") + base::isa_name(isa) + " bfloat16";
  return std::string("native ") + base::isa_name(std::min(isa, base::Isa::avx512));
}

bool NativeEngine::has_split(base::Isa isa) { return kernels_for(isa).multiply_split != nullptr; }

NativeEngine::NativeEngine(const Network& network, base::Isa isa, int threads, bool split)
    : kernels_(kernels_for(isa)),
      program_(compile(network.graph, network.weights, threads)),
      split_(split),
      pool_(threads) {
  if (split) split_weights(&program_);
  name_ = engine_name(isa, split);
}

Executor& NativeEngine::executor_for(const std::vector<std::int64_t>& sizes) {
  if (executor_ == nullptr || executor_->sizes() != sizes) {
    executor_.reset();  // its maps go before those of the next one come
    executor_ = std::make_unique<Executor>(program_, kernels_, pool_, sizes, HeadPlace::inside);
  }
  executor_->set_between_layers(between_layers_);
  return *executor_;
}

Executor& NativeEngine::checked_executor(const std::vector<std::int64_t>& shape, std::int64_t out_channels) {
  const net::Graph& graph = program_.graph;
  const std::int64_t inputs = graph.layers[graph.inputs[0].layer].channels;
  const int outputs = program_.outputs[0].count();
  if (graph.inputs.size() != 1 || shape.size() != static_cast<std::size_t>(graph.axes) + 2 ||
      shape[1] != inputs || out_channels != outputs) {
    throw Error(ErrorCode::model, "the network takes " + std::to_string(inputs) + " channels and gives " +
                                      std::to_string(outputs));
  }
  Executor& executor = executor_for({shape.begin() + 2, shape.end()});
  executor.check_scores();
  return executor;
}

void NativeEngine::run(const float* windows, const std::vector<std::int64_t>& shape,
                       std::int64_t out_channels, float* logits) {
  Executor& executor = checked_executor(shape, out_channels);
  const std::int64_t pixels = executor.extent().pixels();
  const Stopping stopping{pool_};
  for (std::int64_t w = 0; w < shape[0]; ++w) {
    executor.run({windows + w * shape[1] * pixels});
    executor.write_output(0, logits + w * out_channels * pixels);
  }
}

void NativeEngine::stream(const float* window, const std::vector<std::int64_t>& shape,
                          std::int64_t out_channels, int threads, const ScoreTaker& taker) {
  Executor& executor = checked_executor(shape, out_channels);
  if (!executor.streams()) return Engine::stream(window, shape, out_channels, threads, taker);
  const Stopping stopping{pool_};
  executor.run({window});
  executor.stream_scores(taker);
}

std::vector<net::Tensor> NativeEngine::run_ports(const std::vector<net::Tensor>& inputs) {
  const net::Graph& graph = program_.graph;
  for (std::size_t port = 0; port < graph.inputs.size(); ++port) {
    bool fits = port < inputs.size() && inputs[port].shape.size() == static_cast<std::size_t>(graph.axes) + 2;
    if (fits) {
      std::vector<std::int64_t> expected = inputs[0].shape;
      expected[1] = graph.layers[graph.inputs[port].layer].channels;
      fits = inputs[port].shape == expected;
    }
    if (!fits) throw Error(ErrorCode::model, "the network takes another '" + graph.inputs[port].name + "'");
  }
  const std::vector<std::int64_t>& shape = inputs[0].shape;
  Executor& executor = executor_for({shape.begin() + 2, shape.end()});
  std::vector<net::Tensor> outputs;
  for (std::size_t port = 0; port < program_.outputs.size(); ++port) {
    const net::LayerShape& of_port = executor.output_shape(port);
    net::Tensor output{{shape[0], of_port.channels}, {}};
    output.shape.insert(output.shape.end(), of_port.sizes.begin(), of_port.sizes.end());
    const std::int64_t pixels =
        std::accumulate(of_port.sizes.begin(), of_port.sizes.end(), std::int64_t{1}, std::multiplies<>());
    output.values.resize(static_cast<std::size_t>(shape[0] * of_port.channels * pixels));
    outputs.push_back(std::move(output));
  }
  // The part of window w of a tensor's values.
  const auto at = [&](const net::Tensor& tensor, std::int64_t w) {
    return static_cast<std::int64_t>(tensor.values.size()) / shape[0] * w;
  };
  const Stopping stopping{pool_};
  for (std::int64_t w = 0; w < shape[0]; ++w) {
    std::vector<const float*> images(inputs.size());
    std::transform(inputs.begin(), inputs.end(), images.begin(),
                   [&](const net::Tensor& input) { return input.values.data() + at(input, w); });
    executor.run(images);
    for (std::size_t port = 0; port < outputs.size(); ++port) {
      executor.write_output(port, outputs[port].values.data() + at(outputs[port], w));
    }
  }
  return outputs;
}

std::string NativeEngine::check_layers(const std::vector<net::Tensor>& inputs, const net::StateDict& weights,
                                       const AfterLayer& after_layer) {
  std::vector<const float*> images(inputs.size());
  std::transform(inputs.begin(), inputs.end(), images.begin(),
                 [](const net::Tensor& input) { return input.values.data(); });
  Executor& executor = executor_for({inputs[0].shape.begin() + 2, inputs[0].shape.end()});
  std::string found = spot_check(&executor, program_, weights, images, split_, pool_.threads(), after_layer);
  executor_.reset();
  pool_.stop();
  return found;
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
