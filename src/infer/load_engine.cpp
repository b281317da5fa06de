#include "infer/load_engine.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
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

// One window and what the engine makes of it.
struct Sample {
  PlainMap window;
  std::vector<float> input;
  std::vector<float> logits;
  std::vector<std::int64_t> shape;
};

Sample run_sample(Engine& engine, const UNetSpec& spec) {
  Sample sample;
  sample.window = check_window(spec);
  sample.input.assign(sample.window.values.begin(), sample.window.values.end());
  std::copy(sample.input.begin(), sample.input.end(), sample.window.values.begin());
  sample.shape = {1, sample.window.channels, sample.window.rows, sample.window.columns};
  sample.logits.resize(static_cast<std::size_t>(spec.out_channels) * sample.window.rows *
                       sample.window.columns);
  engine.run(sample.input.data(), sample.shape, spec.out_channels, sample.logits.data());
  return sample;
}

// Empty if the engine computes what is expected, else what it computes instead.
template <class Values>
std::string compare(const Sample& sample, const Values& expected, const char* what) {
  double largest = 0;
  double difference = 0;
  for (std::size_t i = 0; i < sample.logits.size(); ++i) {
    const auto value = static_cast<double>(expected[i]);
    largest = std::max(largest, std::abs(value));
    const double here = std::abs(static_cast<double>(sample.logits[i]) - value);
    if (!(here <= difference)) difference = here;  // NaN too
  }
  if (difference <= kTolerance * largest) return {};
  return std::string("the native engine differs from ") + what + " by " + std::to_string(difference) +
         " on scores up to " + std::to_string(largest);
}

// The same window through the program itself, where LibTorch is there and may run it.
std::string compare_with_program(const Sample& sample, const Network& network, const EngineRequest& request,
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
  std::vector<float> expected(sample.logits.size());
  try {
    const std::unique_ptr<Engine> torch = load_torch_engine(network, Device{}, request.torch_threads);
    torch->run(sample.input.data(), sample.shape, network.unet.out_channels, expected.data());
    loaded->check += ", its program in " + torch->name();
  } catch (const Error& error) {
    // Such as a program of a newer LibTorch, which nothing but its numbers are needed of.
    if (error.code() != ErrorCode::model) throw;
    loaded->check += std::string("; not its program: ") + error.what();
    return {};
  }
  return compare(sample, expected, "the program");
}

// The native engine, or why it is not taken.
void load_native(const Network& network, const EngineRequest& request, bool split, LoadedEngine* loaded) {
  loaded->reason = request.device.kind != Device::cpu ? "the native engine runs on the CPU alone"
                                                      : why_not_native(network);
  if (!loaded->reason.empty()) return;
  auto engine = std::make_unique<native::NativeEngine>(network, base::best_isa(), request.threads, split);
  const Sample sample = run_sample(*engine, network.unet);
  const PlainMap reference = run_reference(network, sample.window, request.threads, request.after_layer);
  loaded->reason = compare(sample, reference.values, "the reference");
  loaded->check = "double precision";
  const bool program = !network.torchscript.empty() || !network.not_runnable.empty();
  if (loaded->reason.empty() && program && request.compare_with_program) {
    loaded->reason = compare_with_program(sample, network, request, loaded);
  }
  if (loaded->reason.empty()) loaded->engine = std::move(engine);
}

}  // namespace

bool native_has_fast() { return base::best_isa() == base::Isa::amx; }

std::string native_engine_name() { return native::engine_name(base::best_isa(), false); }

std::string why_not_native(const Network& network) {
  if (!network.not_recognised.empty()) {
    return "the program is not recognised as a UNet: " + network.not_recognised;
  }
  return native::why_not_native(network.unet);
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
  if (!network.not_runnable.empty()) {
    throw Error(ErrorCode::model, Reason::model,
                network.not_runnable + (loaded.reason.empty() ? "" : "; and " + loaded.reason));
  }
  loaded.check.clear();
  loaded.engine = load_torch_engine(network, request.device, request.torch_threads, fast);
  if (fast && request.device.kind == Device::cuda) loaded.precision = Precision::fast;
  return loaded;
}

}  // namespace musclemap::infer
