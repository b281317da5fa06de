#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <string>
#include <vector>

#include "infer/engine.hpp"
#include "infer/load_check.hpp"
#include "infer/reference/reference.hpp"
#include "musclemap/error.hpp"
#include "net/arch/monai_unet.hpp"
#include "support/catch.hpp"
#include "support/fixed_network.hpp"
#include "support/random_network.hpp"
#include "support/sample_networks.hpp"
#include "support/torchscript_writer.hpp"

namespace musclemap::infer {
namespace {

constexpr std::int64_t kSize = 32;

bool torch_missing() {
  const TorchProbe probe = probe_torch(false);
  if (!probe.available) std::cout << "skipped: needs the torch engine: " << probe.problem << "\n";
  return !probe.available;
}

std::vector<float> input() {
  std::vector<float> x;
  for (int r = 0; r < kSize; ++r) {
    for (int c = 0; c < kSize; ++c) x.push_back(static_cast<float>(std::cos(.3 * r) + std::sin(.2 * c)));
  }
  return x;
}

struct Output {
  std::vector<float> values;
  float at(std::int64_t channel, std::int64_t r, std::int64_t c) const {
    return values[static_cast<std::size_t>((channel * kSize + r) * kSize + c)];
  }
  std::array<int, 6> arg_max_counts() const {
    std::array<int, 6> counts{};
    for (std::int64_t r = 0; r < kSize; ++r) {
      for (std::int64_t c = 0; c < kSize; ++c) {
        std::int64_t best = 0;
        for (std::int64_t k = 1; k < 6; ++k) {
          if (at(k, r, c) > at(best, r, c)) best = k;
        }
        ++counts[static_cast<std::size_t>(best)];
      }
    }
    return counts;
  }
};

Output run(int res_units) {
  const auto engine = load_torch_engine(test::fixed_network(res_units), Device{}, 0);
  Output output{std::vector<float>(6 * kSize * kSize)};
  engine->run(input().data(), {1, 1, kSize, kSize}, 6, output.values.data());
  return output;
}

void check_pixel(const Output& output, std::int64_t r, std::int64_t c,
                 const std::array<double, 6>& expected) {
  for (std::int64_t k = 0; k < 6; ++k) {
    CHECK(std::fabs(output.at(k, r, c) - expected[static_cast<std::size_t>(k)]) < 2e-6);
  }
}

TEST_CASE("torch engine: vectors of docs/chains/musclemap.md, section 10.5", "[infer]") {
  if (torch_missing()) return;
  const Output one = run(1);
  check_pixel(one, 0, 0, {.165395, .074458, -.089006, -.270326, -.405037, -.448988});
  check_pixel(one, 5, 17, {-.402255, -.239279, -.147397, -.074542, .041156, .241295});
  check_pixel(one, 31, 31, {1.131708, 1.200603, 1.183812, 1.134509, 1.115805, 1.170665});
  CHECK(std::fabs(std::accumulate(one.values.begin(), one.values.end(), 0.0) - 2609.3457) < 1e-3);
  CHECK(one.arg_max_counts() == std::array<int, 6>{524, 57, 5, 0, 0, 438});
  const Output two = run(2);
  check_pixel(two, 5, 17, {1.729156, 2.006283, 2.219521, 2.429194, 2.686651, 3.008592});
  CHECK(std::fabs(std::accumulate(two.values.begin(), two.values.end(), 0.0) - 2428.2962) < 1e-3);
  CHECK(two.arg_max_counts() == std::array<int, 6>{780, 20, 0, 0, 0, 224});
}

TEST_CASE("torch engine: a window's result does not depend on its batch", "[infer]") {
  if (torch_missing()) return;
  const auto engine = load_torch_engine(test::fixed_network(1), Device{}, 0);
  const std::vector<float> window = input();
  std::vector<float> batch(window.rbegin(), window.rend());
  batch.insert(batch.end(), window.begin(), window.end());
  batch.insert(batch.end(), window.size(), 0.25F);
  const std::size_t size = 6 * kSize * kSize;
  std::vector<float> together(3 * size);
  std::vector<float> alone(size);
  engine->run(batch.data(), {3, 1, kSize, kSize}, 6, together.data());
  engine->run(window.data(), {1, 1, kSize, kSize}, 6, alone.data());
  CHECK(std::equal(alone.begin(), alone.end(), together.begin() + static_cast<std::ptrdiff_t>(size)));
}

TEST_CASE("torch engine: a network that returns another number of classes is an error", "[infer]") {
  if (torch_missing()) return;
  const auto engine = load_torch_engine(test::fixed_network(1), Device{}, 0);
  std::vector<float> logits(7 * kSize * kSize);
  CHECK_THROWS_AS(engine->run(input().data(), {1, 1, kSize, kSize}, 7, logits.data()), Error);
}

TEST_CASE("torch engine: graphs of every layer and port, in the plane and in space", "[infer]") {
  if (torch_missing()) return;
  std::vector<test::SampleNetwork> networks = test::sample_networks();
  net::UNetSpec deep;
  deep.in_channels = 2;
  deep.out_channels = 3;
  deep.channels = {4, 6, 7};
  deep.strides = {2, 2};
  deep.axes = 3;
  networks.push_back({"MONAI's UNet in space", test::random_network(deep, 6)});
  for (const test::SampleNetwork& sample : networks) {
    INFO(sample.name);
    const auto engine = load_torch_engine(sample.network, Device{}, 0);
    const LoadCheck check(*engine, sample.network.graph, check_window(sample.network.graph));
    const auto expected = run_reference(sample.network.graph, sample.network.weights, check.maps(), 1);
    CHECK(check.compare(expected, "the reference").empty());
    CHECK(engine->run_ports(check.inputs()).size() == sample.network.graph.outputs.size());
  }
}

TEST_CASE("torch engine: a port that is missing is an error", "[infer]") {
  if (torch_missing()) return;
  const Network two = test::sample_networks()[2].network;
  const auto engine = load_torch_engine(two, Device{}, 0);
  CHECK_THROWS_AS(engine->run_ports({{{1, 1, 4, 4}, std::vector<float>(16)}}), Error);
}

TEST_CASE("torch engine: bytes that are no program are an error", "[infer]") {
  if (torch_missing()) return;
  Network network;
  network.torchscript = "no archive";
  CHECK_THROWS_AS(load_torch_engine(network, Device{}, 0), Error);
}

TEST_CASE("torch engine: a GPU that is not there is an error that says why", "[infer]") {
  if (torch_missing()) return;
  try {
    load_torch_engine(test::fixed_network(1), Device{Device::cuda, 99}, 0);
    FAIL("CUDA device 99 exists");
  } catch (const Error& error) {
    CHECK(error.code() != ErrorCode::internal);
    CHECK(std::string(error.what()).find("CUDA") != std::string::npos);
  }
}

// forward(a, b): a + b, and b.
Network sum_of_two() {
  test::ScriptModule module;
  module.code["net.py"] =
      "class Net(Module):\n  __parameters__ = []\n  training : bool\n"
      "  def forward(self: __torch__.net.Net,\n    a: Tensor,\n    b: Tensor) -> Tuple[Tensor, Tensor]:\n"
      "    return (torch.add(a, b), b)\n";
  module.attributes = {{"training", test::pickle_boolean(false)}};
  Network network;
  network.torchscript = test::write_torchscript(module);
  return network;
}

TEST_CASE("torch engine: an input of one window is shared by all windows", "[infer]") {
  if (torch_missing()) return;
  const auto engine = load_torch_engine(sum_of_two(), Device{}, 0);
  const net::Tensor shared{{1, 2}, {10, 20}};
  const net::Tensor windows{{3, 2}, {1, 2, 3, 4, 5, 6}};
  const std::vector<net::Tensor> outputs = engine->run_ports({shared, windows});
  REQUIRE(outputs.size() == 2);
  CHECK(outputs[0].shape == std::vector<std::int64_t>{3, 2});
  CHECK(outputs[0].values == std::vector<float>{11, 22, 13, 24, 15, 26});
  CHECK(outputs[1].values == windows.values);
  const net::Tensor two{{2, 2}, {1, 2, 3, 4}};
  CHECK_THROWS_AS(engine->run_ports({two, windows}), Error);
}

}  // namespace
}  // namespace musclemap::infer
