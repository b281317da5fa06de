// Which engine runs a network.
#ifndef MUSCLEMAP_INFER_LOAD_ENGINE_HPP_
#define MUSCLEMAP_INFER_LOAD_ENGINE_HPP_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "infer/engine.hpp"
#include "infer/network.hpp"
#include "infer/reference/reference.hpp"
#include "musclemap/run.hpp"

namespace musclemap::infer {

struct EngineRequest {
  EngineChoice engine = EngineChoice::automatic;
  Device device;
  Precision precision = Precision::exact;
  int torch_threads = 0;
  int threads = 1;         ///< to prepare the weights with
  AfterLayer after_layer;  ///< while the weights are checked
  bool compare_with_program = true;
};

struct LoadedEngine {
  std::unique_ptr<Engine> engine;
  Precision precision = Precision::exact;  ///< what it computes with
  std::string reason;  ///< why it is not the native one, where the choice was left open; else empty
  std::string check;   ///< what the native engine was compared with and what not; empty for LibTorch
};

/// Empty if the native engine has what the network needs, else why not.
std::string why_not_native(const Network& network);

/// The native engine where it can run the network on that device and agrees on one window (1e-4 of the
/// largest score) with the reference and, where LibTorch is there and may run the network's program, with
/// that; else LibTorch's. Errors: `device`, `model` (also a program that may not be run).
LoadedEngine load_engine(const Network& network, const EngineRequest& request);

// What a network takes of this machine's memory with the engine that load_engine() takes unless its check
// fails, known from its graph alone; upper estimates. An empty graph is a program whose layers are not known.

/// Bytes of the weights as the engine holds them; 0 for an empty graph and on other devices.
std::size_t network_weight_bytes(const net::Graph& graph, const EngineRequest& request);
/// Bytes beside them while the engine sees windows of those `sizes` (spatial axes, the slowest first), with
/// the scores that it makes. Error `model` for sizes that the network does not take.
std::size_t network_window_bytes(const net::Graph& graph, const std::vector<std::int64_t>& sizes,
                                 std::int64_t classes, const EngineRequest& request);

/// Whether the native engine's `fast` is another computation than `exact` on this machine.
bool native_has_fast();

/// "native avx512": with the instruction set that it takes on this machine.
std::string native_engine_name();

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_LOAD_ENGINE_HPP_
