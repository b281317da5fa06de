#include "infer/load_engine.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/isa.hpp"
#include "infer/load_check.hpp"
#include "infer/native/compile.hpp"
#include "infer/native/native_engine.hpp"
#include "infer/window_memory.hpp"
#include "musclemap/error.hpp"

namespace musclemap::infer {
namespace {

// The same window through the program itself, where LibTorch is there and may run it.
std::string compare_with_program(const LoadCheck& check, const Network& network, const EngineRequest& request,
                                 LoadedEngine* loaded) {
  if (!network.not_runnable.empty()) {
    loaded->check += "; not its program, which " + network.not_runnable;
    return {};
  }
  const TorchProbe probe = probe_torch(false);
  if (!probe.available) {
    loaded->check += "; not its program: " + probe.problem;
    return {};
  }
  std::string difference;
  try {
    const std::unique_ptr<Engine> torch = load_torch_engine(network, Device{}, request.torch_threads);
    difference = check.compare(outputs_of(*torch, network.graph, check.inputs()), "the program");
    loaded->check += ", its program in " + torch->name();
  } catch (const Error& error) {
    // Such as a program of a newer LibTorch, which nothing but its numbers are needed of.
    if (error.code() != ErrorCode::model) throw;
    loaded->check += std::string("; not its program: ") + error.what();
    return {};
  }
  return difference;
}

// The native engine, or why it is not taken.
void load_native(const Network& network, const EngineRequest& request, bool split, LoadedEngine* loaded) {
  loaded->reason = request.device.kind != Device::cpu ? "the native engine runs on the CPU alone"
                                                      : why_not_native(network);
  if (!loaded->reason.empty()) return;
  auto engine = std::make_unique<native::NativeEngine>(network, base::best_isa(), request.threads, split);
  std::vector<net::Tensor> window = check_window(network.graph);
  const bool whole = is_quickly_checked(network.graph, window);
  loaded->check = whole ? "double precision" : "double precision, layer by layer";
  if (!whole) loaded->reason = engine->check_layers(window, network.weights, request.after_layer);
  const bool program = !network.torchscript.empty() || !network.not_runnable.empty();
  if (whole || (program && request.compare_with_program && loaded->reason.empty())) {
    const LoadCheck check(*engine, network.graph, std::move(window));
    if (whole) {
      loaded->reason = check.compare(
          run_reference(network.graph, network.weights, check.maps(), request.threads, request.after_layer),
          "the reference");
    }
    if (loaded->reason.empty() && program && request.compare_with_program) {
      loaded->reason = compare_with_program(check, network, request, loaded);
    }
  }
  if (loaded->reason.empty()) loaded->engine = std::move(engine);
}

// LibTorch's engine; where there is no LibTorch, why it is needed and what to do.
std::unique_ptr<Engine> load_torch(const Network& network, const EngineRequest& request,
                                   const std::string& why_not_native, bool fast) {
  try {
    return load_torch_engine(network, request.device, request.torch_threads, fast);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::device || request.device.kind != Device::cpu || why_not_native.empty()) {
      throw;
    }
    throw Error(ErrorCode::device, error.reason(),
                "the network needs LibTorch, as " + why_not_native + ": " + error.what());
  }
}

// Of a network on the CPU.
bool runs_natively(const net::Graph& graph, const EngineRequest& request) {
  return request.engine != EngineChoice::torch && native::why_not_native(graph).empty();
}

}  // namespace

bool native_has_fast() { return base::best_isa() == base::Isa::amx; }

std::string native_engine_name() { return native::engine_name(base::best_isa(), false); }

std::string why_not_native(const Network& network) {
  if (!network.not_recognised.empty()) {
    return "the program is not recognised: " + network.not_recognised;
  }
  return native::why_not_native(network.graph);
}

std::size_t network_weight_bytes(const net::Graph& graph, const EngineRequest& request) {
  if (request.device.kind != Device::cpu) return 0;
  if (runs_natively(graph, request)) return native::weight_bytes(graph);
  return static_cast<std::size_t>(graph.parameter_count()) * sizeof(float);
}

std::size_t network_window_bytes(const net::Graph& graph, const std::vector<std::int64_t>& sizes,
                                 std::int64_t classes, const EngineRequest& request) {
  if (request.device.kind != Device::cpu) return 0;
  if (runs_natively(graph, request)) return native::window_bytes(graph, sizes, request.threads);
  // LibTorch's scores are copied, and its maps are given back before what takes them grows.
  std::size_t scores = 2 * sizeof(float) * static_cast<std::size_t>(classes);
  for (const std::int64_t size : sizes) scores *= static_cast<std::size_t>(size);
  return std::max(window_bytes(graph, sizes, classes), scores);
}

LoadedEngine load_engine(const Network& network, const EngineRequest& request) {
  LoadedEngine loaded;
  const bool fast = request.precision == Precision::fast;
  if (request.engine != EngineChoice::torch) {
    if (fast && native_has_fast()) {
      load_native(network, request, true, &loaded);
      if (loaded.engine != nullptr) loaded.precision = Precision::fast;
    }
    if (loaded.engine == nullptr) load_native(network, request, false, &loaded);
    if (loaded.engine != nullptr) return loaded;
    if (request.engine == EngineChoice::native) throw Error(ErrorCode::device, loaded.reason);
  }
  // Who asks for LibTorch asks for the program; else what was read as a graph is run as one, without trust.
  const bool program = network.graph.empty() || request.engine == EngineChoice::torch;
  if (!network.not_runnable.empty() && program) {
    throw Error(ErrorCode::model, Reason::model,
                network.not_runnable + (loaded.reason.empty() ? "" : "; and " + loaded.reason));
  }
  loaded.check.clear();
  loaded.engine = load_torch(network, request, loaded.reason, fast);
  if (fast && request.device.kind == Device::cuda) loaded.precision = Precision::fast;
  return loaded;
}

}  // namespace musclemap::infer
