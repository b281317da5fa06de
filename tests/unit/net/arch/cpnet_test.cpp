#include "net/arch/cpnet.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/isa.hpp"
#include "infer/native/native_engine.hpp"
#include "infer/reference/reference.hpp"
#include "musclemap/error.hpp"
#include "net/match_weights.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/npy_array.hpp"
#include "support/shared_data.hpp"

namespace musclemap::net {
namespace {

constexpr double kTolerance = 1e-4;

StateDict weights_of(const CpNetSpec& spec) {
  StateDict weights;
  for (const Parameter& parameter : cpnet(spec).parameters)
    weights.push_back({parameter.name, {parameter.shape, {}}});
  return weights;
}

/// Weights as the reference data lays them one behind the other, with the counters that it leaves out.
StateDict reference_weights(const std::filesystem::path& folder) {
  std::ifstream file(folder / "manifest.json");
  const nlohmann::json layout = nlohmann::json::parse(file).at("cpnet_tiny").at("layout");
  const std::vector<float> all = test::read_npy(folder / "cpnet_tiny.weights.npy").floats();
  StateDict weights;
  for (const nlohmann::json& entry : layout) {
    const auto name = entry.at(0).get<std::string>();
    if (name == "diam_mean" || name == "diam_labels") continue;
    Tensor tensor{entry.at(1).get<std::vector<std::int64_t>>(), {}};
    std::int64_t count = 1;
    for (const std::int64_t size : tensor.shape) count *= size;
    const auto begin = all.begin() + entry.at(2).get<std::ptrdiff_t>();
    tensor.values.assign(begin, begin + count);
    weights.push_back({name, std::move(tensor)});
    const std::string end = ".running_var";
    if (name.size() > end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0) {
      weights.push_back({name.substr(0, name.size() - end.size()) + ".num_batches_tracked", {{}, {0}}});
    }
  }
  return weights;
}

template <class Values>
double largest_difference(const std::vector<double>& expected, const Values& values) {
  REQUIRE(expected.size() == values.size());
  double largest = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i] - static_cast<double>(values[i])));
  }
  return largest;
}

TEST_CASE("cpnet: the published network has its parameters and its names", "[net]") {
  CpNetSpec spec;
  spec.widths = {32, 64, 128, 256};
  const Graph graph = cpnet(spec);
  std::int64_t counters = 0;
  std::int64_t statistics = 0;
  std::set<std::string> names;
  for (const Parameter& parameter : graph.parameters) {
    names.insert(parameter.name);
    const bool counter = parameter.name.find("num_batches_tracked") != std::string::npos;
    counters += counter ? 1 : 0;
    if (parameter.name.find("running_") != std::string::npos) statistics += parameter.shape[0];
  }
  // diam_mean and diam_labels stand in the file, but in no layer.
  CHECK(graph.parameters.size() + 2 == 313);
  CHECK(graph.parameter_count() - statistics - counters + 2 == 6600845);
  CHECK(names.count("upsample.up.res_up_2.conv.conv_1.full.weight") == 1);
  CHECK(names.count("upsample.up.res_up_0.conv.conv_0.2.bias") == 1);
  CHECK(names.count("downsample.down.res_down_3.proj.1.weight") == 1);
  CHECK(names.count("output.2.weight") == 1);
}

TEST_CASE("cpnet: widths are those of the weights", "[net]") {
  CpNetSpec spec;
  spec.in_channels = 3;
  spec.widths = {5, 7, 11};
  spec.outputs = 4;
  const CpNetSpec read = cpnet_spec(weights_of(spec));
  CHECK(read.in_channels == 3);
  CHECK(read.widths == spec.widths);
  CHECK(read.outputs == 4);
}

TEST_CASE("cpnet: weights of something else are refused by the name that is missing", "[net]") {
  CHECK_THROWS_AS(cpnet_spec({}), Error);
  CpNetSpec spec;
  spec.widths = {4, 4};
  StateDict weights = weights_of(spec);
  weights.erase(std::find_if(weights.begin(), weights.end(),
                             [](const NamedTensor& each) { return each.name == "output.2.weight"; }));
  CHECK(test::contains(test::error_of([&] { cpnet_spec(weights); }), "output.2.weight"));
  spec.widths = {4};
  CHECK_THROWS_AS(cpnet(spec), Error);
}

TEST_CASE("cpnet: maps and style are those of Cellpose's own network", "[net]") {
  const std::filesystem::path data = test::shared_data();
  if (data.empty()) return;
  const std::filesystem::path folder = data / "cellpose";
  StateDict weights = reference_weights(folder);
  infer::Network network;
  network.graph = cpnet(cpnet_spec(weights));
  network.weights = match_weights(std::move(weights), network.graph, "the network");
  const test::NpyArray x = test::read_npy(folder / "cpnet_tiny.x.npy");
  const test::NpyArray y = test::read_npy(folder / "cpnet_tiny.y.npy");
  const test::NpyArray style = test::read_npy(folder / "cpnet_tiny.style.npy");
  const auto windows = static_cast<std::size_t>(x.shape[0]);
  const std::size_t image = x.values.size() / windows;
  for (std::size_t w = 0; w < windows; ++w) {
    infer::DoubleMap map(x.shape[1], {x.shape[2], x.shape[3]});
    const auto part = [&](const test::NpyArray& array) {
      const auto size = static_cast<std::ptrdiff_t>(array.values.size() / windows);
      const auto begin = array.values.begin() + static_cast<std::ptrdiff_t>(w) * size;
      return std::vector<double>(begin, begin + size);
    };
    map.values = part(x);
    REQUIRE(map.values.size() == image);
    const std::vector<infer::DoubleMap> outputs =
        infer::run_reference(network.graph, network.weights, {map}, 1);
    CHECK(largest_difference(part(y), outputs[0].values) < kTolerance);
    CHECK(largest_difference(part(style), outputs[1].values) < kTolerance);
  }
  infer::native::NativeEngine engine(network, base::best_isa(), 1);
  const std::vector<Tensor> outputs = engine.run_ports({{x.shape, x.floats()}});
  CHECK(largest_difference(y.values, outputs[0].values) < kTolerance);
  CHECK(largest_difference(style.values, outputs[1].values) < kTolerance);
}

}  // namespace
}  // namespace musclemap::net
