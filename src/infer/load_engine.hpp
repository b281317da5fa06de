// Which engine runs a network.
#ifndef MUSCLEMAP_INFER_LOAD_ENGINE_HPP_
#define MUSCLEMAP_INFER_LOAD_ENGINE_HPP_

#include <memory>
#include <string>

#include "infer/engine.hpp"
#include "infer/network.hpp"
#include "musclemap/run.hpp"
#include "musclemap/segmenter.hpp"

namespace musclemap::infer {

struct EngineRequest {
  EngineChoice engine = EngineChoice::automatic;
  Device device;
  Precision precision = Precision::exact;
  int torch_threads = 0;
  int threads = 1;  ///< to prepare the weights with
};

struct LoadedEngine {
  std::unique_ptr<Engine> engine;
  Precision precision = Precision::exact;  ///< what it computes with
  std::string reason;  ///< why it is not the native one, where the choice was left open; else empty
};

/// The native engine where it can run the network on that device and agrees with the reference on one window
/// (1e-4 of the largest score); else LibTorch's. Errors: `device`, `model`.
LoadedEngine load_engine(const Network& network, const EngineRequest& request);

/// "native avx512": with the instruction set that it takes on this machine.
std::string native_engine_name();

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_LOAD_ENGINE_HPP_
