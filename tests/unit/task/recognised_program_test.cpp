// Programs that are recognised as a UNet: what runs them, with and without trust.
#include <fstream>
#include <string>
#include <vector>

#include "infer/load_engine.hpp"
#include "musclemap/model_bundle.hpp"
#include "musclemap/segmenter.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/error_of.hpp"
#include "support/random_network.hpp"
#include "support/temporary_folder.hpp"
#include "support/unet_program.hpp"
#include "task/bundle_state.hpp"

namespace musclemap {
namespace {

using test::contains;
using test::error_of;

infer::UNetSpec small() {
  infer::UNetSpec spec;
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
  test::ScriptModule module = test::unet_program(network);
  module.description = about;
  std::ofstream(folder / "m.pt", std::ios::binary) << test::write_torchscript(module);
  ModelOpenOptions options;
  options.trust = trust;
  return ModelBundle::open(folder / "m.pt", options);
}

TEST_CASE("recognised program: every member of the family has its weights and runs untrusted", "[task]") {
  for (const int units : {0, 1, 2, 3}) {
    for (const bool batch : {false, true}) {
      infer::UNetSpec spec = small();
      spec.num_res_units = units;
      spec.norm = batch ? infer::Norm::batch : infer::Norm::instance;
      spec.affine = batch != (units == 2);
      spec.nonlinearity = batch ? infer::Nonlinearity::prelu : infer::Nonlinearity::leaky_relu;
      const infer::Network network = test::random_network(spec, 5);
      const ModelBundle bundle = opened(network, false);
      const infer::Network& read = bundle.state().network;
      CAPTURE(units, batch, read.not_recognised);
      CHECK(bundle.problem().empty());
      CHECK_FALSE(bundle.trusted());
      CHECK(read.torchscript.empty());
      REQUIRE(read.weights.size() == network.weights.size());
      for (std::size_t i = 0; i < read.weights.size(); ++i) {
        CHECK(read.weights[i].name == network.weights[i].name);
        if (!read.weights[i].tensor.shape.empty())
          CHECK(read.weights[i].tensor.values == network.weights[i].tensor.values);
      }
      const infer::LoadedEngine loaded = infer::load_engine(read, {});
      CHECK(contains(loaded.engine->name(), "native"));
      CHECK(contains(loaded.check, "double precision; not its program, which is a TorchScript program"));
    }
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
  network.weights = test::random_network(small(), 8).weights;
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
  infer::UNetSpec other = small();
  other.out_channels = 5;
  CHECK(contains(reason(description(), test::random_network(other, 9)),
                 "it gives 5 channels; the description says 3"));
  other = small();
  other.in_channels = 2;
  CHECK(contains(reason(description(), test::random_network(other, 9)), "it takes 2 channels; 1 is given"));
}

}  // namespace
}  // namespace musclemap
