#include "infer/load_engine.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/isa.hpp"
#include "infer/native/native_engine.hpp"
#include "infer/reference_unet.hpp"
#include "musclemap/error.hpp"

namespace musclemap::infer {
namespace {

// Part of the largest score by which the native engine may differ from double precision.
constexpr double kTolerance = 1e-4;

// A window as small as the network allows, two pixels wide at the bottom, with values of a z-scored image.
PlainMap check_window(const UNetSpec& spec) {
  const int size = 2 << spec.strides.size();
  PlainMap window(spec.in_channels, size, size);
  for (std::size_t i = 0; i < window.values.size(); ++i) {
    window.values[i] =
        std::sin(0.37 * static_cast<double>(i)) + std::cos(0.011 * static_cast<double>(i * i % 997));
  }
  return window;
}

// Empty if the engine computes what the network is, else what it computes instead.
std::string check(native::NativeEngine& engine, const Network& network, int threads) {
  PlainMap window = check_window(network.unet);
  std::vector<float> input(window.values.begin(), window.values.end());
  std::copy(input.begin(), input.end(), window.values.begin());
  const PlainMap expected = run_reference(network, window, threads);
  std::vector<float> logits(expected.values.size());
  engine.run(input.data(), {1, window.channels, window.rows, window.columns}, expected.channels,
             logits.data());
  double largest = 0;
  double difference = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    largest = std::max(largest, std::abs(expected.values[i]));
    const double here = std::abs(static_cast<double>(logits[i]) - expected.values[i]);
    if (!(here <= difference)) difference = here;  // NaN too
  }
  if (difference <= kTolerance * largest) return {};
  return "the native engine differs from the reference by " + std::to_string(difference) +
         " on scores up to " + std::to_string(largest);
}

// The native engine if it agrees with the reference, else null and why.
std::unique_ptr<Engine> checked_native(const Network& network, int threads, bool split, std::string* reason) {
  auto engine = std::make_unique<native::NativeEngine>(network, base::best_isa(), threads, split);
  *reason = check(*engine, network, threads);
  if (!reason->empty()) return nullptr;
  return engine;
}

}  // namespace

std::string native_engine_name() { return native::engine_name(base::best_isa(), false); }

LoadedEngine load_engine(const Network& network, const EngineRequest& request) {
  LoadedEngine loaded;
  const bool fast = request.precision == Precision::fast;
  if (request.engine != EngineChoice::torch) {
    if (request.device.kind != Device::cpu) {
      loaded.reason = "the native engine runs on the CPU alone";
    } else {
      loaded.reason = native::why_not_native(network.unet);
    }
    const bool runs = loaded.reason.empty();
    if (runs && fast && base::best_isa() == base::Isa::amx) {
      loaded.engine = checked_native(network, request.threads, true, &loaded.reason);
      if (loaded.engine != nullptr) loaded.precision = Precision::fast;
    }
    if (runs && loaded.engine == nullptr) {
      loaded.engine = checked_native(network, request.threads, false, &loaded.reason);
    }
    if (loaded.engine != nullptr) return loaded;
    if (request.engine == EngineChoice::native) throw Error(ErrorCode::device, loaded.reason);
  }
  loaded.engine = load_torch_engine(network, request.device, request.torch_threads, fast);
  if (fast && request.device.kind == Device::cuda) loaded.precision = Precision::fast;
  return loaded;
}

}  // namespace musclemap::infer
