// Programs that are recognised as a graph: what runs them, with and without trust.
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include "infer/load_engine.hpp"
#include "infer/reference/reference.hpp"
#include "io/weights/torchscript/network.hpp"
#include "musclemap/model_bundle.hpp"
#include "musclemap/segmenter.hpp"
#include "net/check_graph.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/error_of.hpp"
#include "support/graph_program.hpp"
#include "support/random_network.hpp"
#include "support/sample_networks.hpp"
#include "support/temporary_folder.hpp"
#include "task/bundle_state.hpp"

namespace musclemap {
namespace {

using test::contains;
using test::error_of;

net::UNetSpec small() {
  net::UNetSpec spec;
  spec.out_channels = 3;
  spec.channels = {5, 8, 12};
  spec.strides = {2, 2};
  return spec;
}

std::string description(int window = 32, int channels = 3) {
  return R"({"parameters": {"roi_size": [)" + std::to_string(window) + ", 32], " +
         R"("pix_dim": [1, 1, -1]}, "model": {"spatial_dims": 2, "in_channels": 1, "out_channels": )" +
         std::to_string(channels) + R"(}, "labels": [{"value": 12}, {"value": 11}]})";
}

ModelBundle opened(const infer::Network& network, bool trust, const std::string& about = description()) {
  const test::TemporaryFolder folder;
  const test::Environment no_list("XDG_CONFIG_HOME", folder.path().string());
  test::ScriptModule module = test::graph_program(network);
  module.description = about;
  std::ofstream(folder / "m.pt", std::ios::binary) << test::write_torchscript(module);
  ModelOpenOptions options;
  options.trust = trust;
  return ModelBundle::open(folder / "m.pt", options);
}

TEST_CASE("recognised program: every member of the family has its weights and runs untrusted", "[task]") {
  for (const int units : {0, 1, 2, 3}) {
    for (const bool batch : {false, true}) {
      net::UNetSpec spec = small();
      spec.num_res_units = units;
      spec.norm = batch ? net::Norm::batch : net::Norm::instance;
      spec.affine = batch != (units == 2);
      spec.nonlinearity = batch ? net::Nonlinearity::prelu : net::Nonlinearity::leaky_relu;
      const infer::Network network = test::random_network(spec, 5);
      const ModelBundle bundle = opened(network, false);
      const infer::Network& read = bundle.state().network;
      CAPTURE(units, batch, read.not_recognised);
      CHECK(bundle.problem().empty());
      CHECK_FALSE(bundle.trusted());
      CHECK(read.torchscript.empty());
      std::size_t n = 0;
      for (std::size_t k = 0; k < network.weights.size(); ++k) {
        if (network.weights[k].tensor.shape.empty()) continue;  // a counter, which no layer needs
        REQUIRE(n < read.weights.size());
        CHECK(read.weights[n].name == "p" + std::to_string(k));
        CHECK(read.weights[n].tensor.values == network.weights[k].tensor.values);
        ++n;
      }
      CHECK(read.weights.size() == n);
      const infer::LoadedEngine loaded = infer::load_engine(read, {});
      CHECK(contains(loaded.engine->name(), "native"));
      CHECK(contains(loaded.check, "double precision; not its program, which is a TorchScript program"));
    }
  }
}

TEST_CASE("recognised program: any network of known layers has its graph", "[task]") {
  for (const test::SampleNetwork& sample : test::sample_networks()) {
    const std::string bytes = test::write_torchscript(test::graph_program(sample.network));
    const io::ZipReader zip(bytes);
    io::TorchScriptNetwork program(zip);
    INFO(sample.name);
    const net::Graph& graph = program.graph();
    REQUIRE(error_of([&] { net::check_graph(graph); }) == "no error");
    CHECK(net::layer_channels(graph)[graph.outputs[0].layer] ==
          net::layer_channels(sample.network.graph)[sample.network.graph.outputs[0].layer]);
    REQUIRE(graph.inputs.size() == sample.network.graph.inputs.size());
    net::StateDict weights;
    for (std::size_t i = 0; i < graph.parameters.size(); ++i) {
      weights.push_back({graph.parameters[i].name, program.read(i)});
    }
    std::vector<infer::DoubleMap> windows;
    for (const net::Port& port : sample.network.graph.inputs) {
      infer::DoubleMap window(sample.network.graph.layers[port.layer].channels, {16, 16});
      for (std::size_t i = 0; i < window.values.size(); ++i)
        window.values[i] = std::sin(static_cast<double>(i));
      windows.push_back(std::move(window));
    }
    const auto expected = infer::run_reference(sample.network.graph, sample.network.weights, windows, 1);
    const auto computed = infer::run_reference(graph, weights, windows, 1);
    REQUIRE(computed.size() == expected.size());
    for (std::size_t port = 0; port < expected.size(); ++port)
      CHECK(computed[port].values == expected[port].values);
  }
}

TEST_CASE("recognised program: LibTorch runs it only when it is trusted", "[task]") {
  const infer::Network network = test::random_network(small(), 6);
  SegmentOptions torch;
  torch.engine = EngineChoice::torch;
  torch.device = Device{};
  const std::string refused = error_of([&] { Segmenter segmenter(opened(network, false), torch); });
  CHECK(contains(refused, "pass --trust-model"));
  const ModelBundle trusted = opened(network, true);
  CHECK_FALSE(trusted.state().network.torchscript.empty());
  SegmentOptions any;
  any.device = Device{};
  const SegmentReport report = Segmenter(trusted, any).report();
  CHECK(contains(report.engine, "native"));
  if (!engine_status().available) {
    CHECK(contains(report.engine_check, "double precision; not its program: "));
    return;
  }
  CHECK(contains(report.engine_check, "double precision, its program in torch"));
  CHECK(contains(Segmenter(trusted, torch).report().engine, "torch"));
  CHECK(Segmenter(trusted, torch).report().engine_check.empty());
}

TEST_CASE("recognised program: a trusted program that computes something else is run itself", "[task]") {
  if (!engine_status().available) return;
  infer::Network network = opened(test::random_network(small(), 7), true).state().network;
  network.weights = opened(test::random_network(small(), 8), true).state().network.weights;
  const infer::LoadedEngine loaded = infer::load_engine(network, {});
  CHECK(contains(loaded.engine->name(), "torch"));
  CHECK(contains(loaded.reason, "the native engine differs from the program by"));
  CHECK(loaded.check.empty());
  network.torchscript = "no archive";
  const infer::LoadedEngine alone = infer::load_engine(network, {});
  CHECK(contains(alone.engine->name(), "native"));
  CHECK(contains(alone.check, "double precision; not its program: the network does not load"));
  network.torchscript = opened(test::random_network(small(), 7), true).state().network.torchscript;
  infer::EngineRequest native;
  native.engine = EngineChoice::native;
  CHECK(contains(error_of([&] { infer::load_engine(network, native); }), "differs from the program"));
}

TEST_CASE("recognised program: a description that does not fit is told", "[task]") {
  const infer::Network network = test::random_network(small(), 9);
  const auto reason = [&](const std::string& about, const infer::Network& program) {
    return opened(program, false, about).state().network.not_recognised;
  };
  CHECK(
      contains(reason(description(30), network), "multiply to 4, which does not fit the window of 30 x 32"));
  net::UNetSpec other = small();
  other.out_channels = 5;
  CHECK(contains(reason(description(), test::random_network(other, 9)),
                 "it gives 5 channels; the description says 3"));
  other = small();
  other.in_channels = 2;
  CHECK(contains(reason(description(), test::random_network(other, 9)), "it takes 2 channels; 1 is given"));
}

}  // namespace
}  // namespace musclemap
