// Whole networks: the native engine against double precision, and its blending against the plain one.
#include "infer/native/native_engine.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <iostream>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "infer/load_engine.hpp"
#include "infer/reference/reference.hpp"
#include "infer/window_inferer.hpp"
#include "musclemap/error.hpp"
#include "net/arch/monai_unet.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/fixed_network.hpp"
#include "support/random_network.hpp"
#include "support/sample_networks.hpp"

namespace musclemap::infer::native {
namespace {

using net::Nonlinearity;
using net::Norm;
using net::UNetSpec;

UNetSpec spec_of(std::vector<int> channels, int units, int outputs, int inputs = 1) {
  UNetSpec spec;
  spec.in_channels = inputs;
  spec.out_channels = outputs;
  spec.strides.assign(channels.size() - 1, 2);
  spec.channels = std::move(channels);
  spec.num_res_units = units;
  return spec;
}

std::vector<float> run(Engine& engine, const UNetSpec& spec, const std::vector<float>& window, int rows,
                       int columns) {
  std::vector<float> logits(static_cast<std::size_t>(spec.out_channels) * rows * columns);
  engine.run(window.data(), {1, spec.in_channels, rows, columns}, spec.out_channels, logits.data());
  return logits;
}

std::vector<float> noise(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float& value : values) value = normal(random);
  return values;
}

// Largest difference from double precision as part of the largest score.
double error_of(const std::vector<float>& logits, const Network& network, const std::vector<float>& window,
                int rows, int columns) {
  DoubleMap input(network.graph.layers[0].channels, {rows, columns});
  std::copy(window.begin(), window.end(), input.values.begin());
  const DoubleMap expected = run_reference(network.graph, network.weights, {input}, 2)[0];
  double largest = 0;
  double difference = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    largest = std::max(largest, std::abs(expected.values[i]));
    difference = std::max(difference, std::abs(static_cast<double>(logits[i]) - expected.values[i]));
  }
  return difference / largest;
}

TEST_CASE("native engine: a run may be stopped between its layers, and the next one is whole", "[infer]") {
  for (const test::SampleNetwork& sample : test::sample_networks()) {
    CAPTURE(sample.name);
    NativeEngine engine(sample.network, base::Isa::portable, 2);
    const net::Graph& graph = sample.network.graph;
    std::vector<net::Tensor> inputs;
    for (const auto& port : graph.inputs) {
      const std::int64_t channels = graph.layers[port.layer].channels;
      net::Tensor input{{1, channels}, {}};
      std::int64_t pixels = 1;
      for (int axis = 0; axis < graph.axes; ++axis) {
        input.shape.push_back(16);
        pixels *= 16;
      }
      input.values = noise(static_cast<std::size_t>(channels * pixels), 3);
      inputs.push_back(std::move(input));
    }
    const std::vector<net::Tensor> expected = engine.run_ports(inputs);
    int layers = 0;
    engine.set_between_layers([&] { ++layers; });
    engine.run_ports(inputs);
    CHECK(layers > 1);
    engine.set_between_layers([&] {
      if (--layers == 0) throw Error(ErrorCode::cancelled, "stopped");
    });
    CHECK_THROWS_AS(engine.run_ports(inputs), Error);
    engine.set_between_layers({});
    const std::vector<net::Tensor> again = engine.run_ports(inputs);
    for (std::size_t port = 0; port < expected.size(); ++port) {
      CHECK(again[port].values == expected[port].values);
    }
  }
}

TEST_CASE("native engine: vectors of docs/chains/musclemap.md, section 10.5", "[infer]") {
  std::vector<float> window;
  for (int r = 0; r < 32; ++r) {
    for (int c = 0; c < 32; ++c) window.push_back(static_cast<float>(std::cos(.3 * r) + std::sin(.2 * c)));
  }
  const auto pixel = [](const std::vector<float>& logits, int k, int r, int c) {
    return static_cast<double>(logits[static_cast<std::size_t>((k * 32 + r) * 32 + c)]);
  };
  NativeEngine one(test::fixed_network(1), base::best_isa(), 2);
  const std::vector<float> logits = run(one, spec_of({4, 8, 16, 32, 64}, 1, 6), window, 32, 32);
  const double expected[6] = {-.402255, -.239279, -.147397, -.074542, .041156, .241295};
  for (int k = 0; k < 6; ++k) CHECK(std::fabs(pixel(logits, k, 5, 17) - expected[k]) < 3e-6);
  CHECK(std::fabs(std::accumulate(logits.begin(), logits.end(), 0.0) - 2609.3457) < 5e-3);
  NativeEngine two(test::fixed_network(2), base::best_isa(), 2);
  const std::vector<float> deeper = run(two, spec_of({4, 8, 16, 32, 64}, 2, 6), window, 32, 32);
  const double expected_two[6] = {1.729156, 2.006283, 2.219521, 2.429194, 2.686651, 3.008592};
  for (int k = 0; k < 6; ++k) CHECK(std::fabs(pixel(deeper, k, 5, 17) - expected_two[k]) < 5e-6);
}

TEST_CASE("native engine: any channels, units and inputs, on every instruction set", "[infer]") {
  const std::vector<UNetSpec> specs = {spec_of({16, 32, 64}, 1, 5),     spec_of({4, 8, 16, 32, 64}, 0, 6),
                                       spec_of({24, 40, 72}, 2, 17, 3), spec_of({64, 128}, 3, 70),
                                       spec_of({16, 16, 16}, 1, 2),     spec_of({20, 36, 36}, 4, 33, 2)};
  for (const UNetSpec& spec : specs) {
    const Network network = test::random_network(spec, 3);
    const std::vector<float> window = noise(static_cast<std::size_t>(spec.in_channels) * 64 * 32, 4);
    for (const base::Isa isa : base::isas_here()) {
      NativeEngine engine(network, isa, 2);
      INFO(base::isa_name(isa) << ", " << spec.channels.size() << " levels, " << spec.num_res_units
                               << " units");
      CHECK(error_of(run(engine, spec, window, 64, 32), network, window, 64, 32) < 2e-5);
    }
  }
}

TEST_CASE("native engine: norms and activations of the family, beside double precision and LibTorch",
          "[infer]") {
  const bool torch = probe_torch(false).available;
  if (!torch) std::cout << "without LibTorch: " << probe_torch(false).problem << "\n";
  for (const Norm norm : {Norm::instance, Norm::batch}) {
    for (const bool affine : {false, true}) {
      for (const Nonlinearity act : {Nonlinearity::leaky_relu, Nonlinearity::relu, Nonlinearity::prelu}) {
        for (const int units : {0, 2}) {
          UNetSpec spec = spec_of({16, 24, 40}, units, 5);
          spec.norm = norm;
          spec.affine = affine;
          spec.nonlinearity = act;
          spec.negative_slope = act == Nonlinearity::leaky_relu ? 0.3 : 0;
          const Network network = test::random_network(spec, 11);
          const std::vector<float> window = noise(32 * 32, 12);
          NativeEngine engine(network, base::best_isa(), 2);
          INFO("norm " << static_cast<int>(norm) << ", affine " << affine << ", act " << static_cast<int>(act)
                       << ", units " << units);
          CHECK(error_of(run(engine, spec, window, 32, 32), network, window, 32, 32) < 2e-5);
          if (!torch) continue;
          const auto other = load_torch_engine(network, Device{}, 0);
          CHECK(error_of(run(*other, spec, window, 32, 32), network, window, 32, 32) < 2e-5);
        }
      }
    }
  }
}

TEST_CASE("native engine: products of split numbers", "[infer]") {
  const UNetSpec spec = spec_of({32, 64, 96}, 1, 20);
  const Network network = test::random_network(spec, 13);
  const std::vector<float> window = noise(64 * 64, 14);
  const SlicePlan plan = plan_slice({{64, 64, 1}, 0.9}, 70, 80);
  const std::vector<float> image = noise(std::size_t{70} * 80, 15);
  SliceInfererOptions options;
  options.classes = 20;
  options.threads = 2;
  for (const base::Isa isa : base::isas_here()) {
    if (!NativeEngine::has_split(isa)) continue;
    NativeEngine engine(network, isa, 2, true);
    CHECK(engine.name() == std::string("native ") + base::isa_name(isa) + " bfloat16");
    const double error = error_of(run(engine, spec, window, 64, 64), network, window, 64, 64);
    INFO(engine.name() << ": " << error);
    CHECK(error < 1e-4);  // what load_engine() demands
    CHECK(error > 1e-6);  // it is not the exact way
    const auto plain = WindowInferer(engine, plan, options).run({image.data()});
    const auto fused = engine.infer_slices(plan, options)->run({image.data()});
    double difference = 0;
    for (std::int64_t x = 0; x < 70; ++x) {
      for (std::int64_t y = 0; y < 80; ++y) {
        difference = std::max(difference, std::abs(static_cast<double>(plain[0]->score(19, x, y)) -
                                                   static_cast<double>(fused[0]->score(19, x, y))));
      }
    }
    CHECK(difference < 1e-4);
  }
}

TEST_CASE("native engine: background, constants and single bright pixels", "[infer]") {
  const UNetSpec spec = spec_of({16, 32, 64}, 1, 20);
  const Network network = test::random_network(spec, 5);
  NativeEngine engine(network, base::best_isa(), 2);
  const std::vector<std::function<double(int)>> fillings = {
      [](int) { return 0.0; }, [](int) { return 0.37; },
      [](int i) { return i < 2048 ? 0.0 : std::sin(0.1 * i); },
      [](int i) { return i == 1000 ? 1000.0 : 0.0; }, [](int i) { return 100 + std::sin(0.1 * i); }};
  for (const auto& filling : fillings) {
    std::vector<float> window;
    for (int i = 0; i < 64 * 64; ++i) window.push_back(static_cast<float>(filling(i)));
    CHECK(error_of(run(engine, spec, window, 64, 64), network, window, 64, 64) < 1e-4);
  }
}

TEST_CASE("native engine: a window's scores do not depend on threads or on the other windows", "[infer]") {
  const UNetSpec spec = spec_of({16, 32, 64}, 1, 20);
  const Network network = test::random_network(spec, 6);
  const std::vector<float> windows = noise(3 * 64 * 64, 7);
  const auto scores = [&](int threads) {
    NativeEngine engine(network, base::best_isa(), threads);
    std::vector<float> logits(std::size_t{3} * 20 * 64 * 64);
    engine.run(windows.data(), {3, 1, 64, 64}, 20, logits.data());
    return logits;
  };
  const std::vector<float> first = scores(1);
  CHECK(scores(2) == first);
  CHECK(scores(5) == first);
  NativeEngine alone(network, base::best_isa(), 1);
  const std::vector<float> last = run(alone, spec, {windows.begin() + 2 * 64 * 64, windows.end()}, 64, 64);
  CHECK(std::equal(last.begin(), last.end(), first.begin() + 2 * 20 * 64 * 64));
}

TEST_CASE("native engine: blends as the plain way does", "[infer]") {
  for (const int units : {0, 1}) {
    const UNetSpec spec = spec_of({16, 32}, units, 21);
    const Network network = test::random_network(spec, 8);
    NativeEngine engine(network, base::best_isa(), 2);
    // Padded along x; one window or several along y.
    for (const auto& [overlap, ny] : {std::pair{0.0, 29}, {0.5, 40}, {0.75, 70}, {0.9, 40}, {0.9, 29}}) {
      const SlicePlan plan = plan_slice({{32, 32, 1}, overlap, {75, 1, 1}}, 70, ny);
      SliceInfererOptions options;
      options.classes = 21;
      options.threads = 2;
      std::vector<float> image = noise(std::size_t{70} * ny, 9);
      // Some windows see one value alone, neighbours of them another one.
      for (int x = 0; x < 40; ++x) {
        for (int y = 0; y < ny; ++y) image[static_cast<std::size_t>(x * ny + y)] = y < 34 ? -0.5F : 0.25F;
      }
      const auto plain = WindowInferer(engine, plan, options).run({image.data()});
      // What another slice leaves behind does not matter.
      const std::vector<float> other = noise(std::size_t{70} * ny, 10);
      const auto fused = engine.infer_slices(plan, options);
      const auto blended = fused->run({image.data(), other.data(), image.data()});
      CHECK(fused->windows_done() == 3 * plan.windows());
      options.threads = 1;
      std::vector<std::shared_ptr<const image::ScoreSlice>> again{blended[2]};
      for (const std::int64_t at_once : {2, 3, 5, 7, 20}) {
        options.windows_at_once = at_once;
        again.push_back(engine.infer_slices(plan, options)->run({image.data()})[0]);
      }
      double difference = 0;
      bool same = true;
      for (std::int64_t c = 0; c < 21; ++c) {
        for (std::int64_t x = 0; x < 70; ++x) {
          for (std::int64_t y = 0; y < ny; ++y) {
            const float score = blended[0]->score(c, x, y);
            difference = std::max(difference, std::abs(static_cast<double>(score) -
                                                       static_cast<double>(plain[0]->score(c, x, y))));
            for (const auto& each : again) same = same && score == each->score(c, x, y);
          }
        }
      }
      INFO("units " << units << ", overlap " << overlap << ", " << ny);
      CHECK(difference < 2e-5);
      CHECK(same);
    }
  }
}

std::string refusal(const Network& network, const EngineRequest& request) {
  try {
    load_engine(network, request);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

// A kernel that the native engine does not run.
Network dilated_network() {
  Network network = test::random_network(spec_of({16, 32}, 1, 3), 1);
  for (net::Layer& layer : network.graph.layers) {
    if (layer.kind != net::LayerKind::convolution) continue;
    layer.name = "wide";
    for (net::Taps& taps : layer.taps) taps.dilation = taps.padding = 2;
    break;
  }
  return network;
}

constexpr const char* kDilated = "the convolution 'wide' has a dilation of 2; the native engine runs 1";

TEST_CASE("load_engine: native where it can, with the reason where not", "[infer]") {
  UNetSpec spec = spec_of({16, 32}, 1, 3);
  EngineRequest request;
  for (const int axes : {2, 3}) {
    spec.axes = axes;
    const LoadedEngine loaded = load_engine(test::random_network(spec, 1), request);
    CHECK(loaded.engine->name().rfind("native ", 0) == 0);
    CHECK(loaded.reason.empty());
  }
  request.engine = EngineChoice::native;
  CHECK(refusal(dilated_network(), request) == kDilated);
  request.device = {Device::cuda, 0};
  CHECK(refusal(test::random_network(spec, 1), request) == "the native engine runs on the CPU alone");
}

TEST_CASE("load_engine: what the native engine does not run, LibTorch does, or the error says what to do",
          "[infer]") {
  const test::Environment nowhere("MUSCLEMAP_TORCH_DIR", "/nonexistent");
  if (probe_torch(false).available) {  // opened by a test before this one
    const LoadedEngine loaded = load_engine(dilated_network(), {});
    CHECK(loaded.engine->name().rfind("torch ", 0) == 0);
    CHECK(loaded.reason == kDilated);
    CHECK(loaded.check.empty());
    return;
  }
  const std::string error = refusal(dilated_network(), {});
  CHECK(error.rfind(std::string("the network needs LibTorch, as ") + kDilated + ": ", 0) == 0);
  CHECK(error.find("torch==2.11") != std::string::npos);
}

}  // namespace
}  // namespace musclemap::infer::native
