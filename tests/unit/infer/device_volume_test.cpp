// Classes of volumes from the torch module's own path, here on the CPU, against those of volume_scores().
#include "infer/device_volume.hpp"

#include <algorithm>
#include <iostream>
#include <random>
#include <vector>

#include "decode/half_classes.hpp"
#include "infer/engine.hpp"
#include "infer/volume_scores.hpp"
#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/random_network.hpp"

namespace musclemap::infer {
namespace {

constexpr std::int64_t kClasses = 5;

bool no_torch() {
  const TorchProbe probe = probe_torch(false);
  if (!probe.available) std::cout << "skipped: needs the torch engine: " << probe.problem << "\n";
  return !probe.available;
}

Network network_in_space() {
  net::UNetSpec spec;
  spec.in_channels = 2;
  spec.out_channels = kClasses;
  spec.channels = {4, 6};
  spec.strides = {2};
  spec.axes = 3;
  return test::random_network(spec, 3);
}

class Noise : public image::Field {
 public:
  explicit Noise(const Index3& shape) : shape_(shape) {
    std::mt19937 random(5);
    std::uniform_real_distribution<float> any(-2, 2);
    values_.resize(static_cast<std::size_t>(channels() * shape[0] * shape[1] * shape[2]));
    for (float& value : values_) value = any(random);
  }
  int channels() const override { return 2; }
  void read(const image::Block& block, float* out) override {
    for (std::int64_t c = 0; c < channels(); ++c) {
      for (std::int64_t x = block.begin[0]; x < block.end[0]; ++x) {
        for (std::int64_t y = block.begin[1]; y < block.end[1]; ++y) {
          for (std::int64_t z = block.begin[2]; z < block.end[2]; ++z) {
            *out++ = values_[static_cast<std::size_t>(((c * shape_[2] + z) * shape_[1] + y) * shape_[0] + x)];
          }
        }
      }
    }
  }

 private:
  Index3 shape_;
  std::vector<float> values_;
};

using Planes = std::vector<std::vector<std::uint16_t>>;

Planes by_scores(Engine& engine, const VolumeWindows& plan) {
  Noise field(plan.image);
  VolumeScoreOptions options;
  options.channels = 2;
  options.classes = kClasses;
  decode::HalfDecoding decoding;
  decoding.classes = kClasses;
  decoding.shape = plan.image;
  Planes planes;
  const auto classes = decode::make_half_classes(
      decoding, [&](std::int64_t, const std::vector<std::uint16_t>& plane) { planes.push_back(plane); });
  volume_scores(field, plan, {&engine}, options,
                [&](std::int64_t z, const image::HalfSlice& scores) { classes->take(z, scores); });
  return planes;
}

DeviceVolumeOptions on_device(std::int64_t windows_at_once) {
  DeviceVolumeOptions options;
  options.channels = 2;
  options.classes = kClasses;
  options.windows_at_once = windows_at_once;
  options.on_device = true;
  return options;
}

Planes by_device(Engine& engine, const VolumeWindows& plan, const DeviceVolumeOptions& options) {
  Noise field(plan.image);
  Planes planes;
  const bool found = engine.find_volume_classes(
      field, plan, options, [&](std::int64_t z, const std::vector<std::uint16_t>& classes) {
        CHECK(z == static_cast<std::int64_t>(planes.size()));
        planes.push_back(classes);
      });
  CHECK(found == options.on_device);
  return planes;
}

std::int64_t differing(const Planes& a, const Planes& b) {
  REQUIRE(a.size() == b.size());
  std::int64_t count = 0;
  for (std::size_t z = 0; z < a.size(); ++z) {
    REQUIRE(a[z].size() == b[z].size());
    for (std::size_t i = 0; i < a[z].size(); ++i) count += a[z][i] != b[z][i] ? 1 : 0;
  }
  return count;
}

TEST_CASE("device volume: classes found on the device are those of the scores", "[infer]") {
  if (no_torch()) return;
  const auto engine = load_torch_engine(network_in_space(), Device{}, 0);
  // Windows that overlap, that lie in the padding of one axis, and one window alone.
  for (const Index3& shape : {Index3{21, 17, 30}, Index3{18, 5, 9}, Index3{8, 12, 16}}) {
    const VolumeWindows plan = plan_volume({16, 12, 8}, 0.5, shape);
    const Planes expected = by_scores(*engine, plan);
    CHECK(differing(by_device(*engine, plan, on_device(1)), expected) == 0);
    // Several windows at once may round otherwise.
    const std::int64_t voxels = shape[0] * shape[1] * shape[2];
    CHECK(differing(by_device(*engine, plan, on_device(3)), expected) <= voxels / 1000);
    std::vector<bool> seen(kClasses);
    for (const auto& plane : expected) {
      for (const std::uint16_t value : plane) seen[value] = true;
    }
    CHECK(std::count(seen.begin(), seen.end(), true) > 2);
  }
}

TEST_CASE("device volume: every window is told before it is run, and a throw ends the run", "[infer]") {
  if (no_torch()) return;
  const auto engine = load_torch_engine(network_in_space(), Device{}, 0);
  const VolumeWindows plan = plan_volume({16, 12, 8}, 0.5, {21, 17, 30});
  std::int64_t told = 0;
  DeviceVolumeOptions options = on_device(2);
  options.before_window = [&](std::int64_t n, std::int64_t count) {
    CHECK(n == told++);
    CHECK(count == plan.windows());
  };
  by_device(*engine, plan, options);
  CHECK(told == plan.windows());
  options.before_window = [](std::int64_t n, std::int64_t) {
    if (n == 4) throw Error(ErrorCode::cancelled, "enough");
  };
  CHECK_THROWS_AS(by_device(*engine, plan, options), Error);
  options.before_window = {};
  CHECK(by_device(*engine, plan, options).size() == 30);
}

TEST_CASE("device volume: scores beyond half precision are an error", "[infer]") {
  if (no_torch()) return;
  Network network = network_in_space();
  for (float& value : network.weights.back().tensor.values) value = 1e7F;
  const auto engine = load_torch_engine(network, Device{}, 0);
  const VolumeWindows plan = plan_volume({16, 12, 8}, 0.5, {8, 12, 16});
  CHECK(test::contains(test::error_of([&] { by_device(*engine, plan, on_device(1)); }), "65504"));
}

TEST_CASE("device volume: a CPU has no way of its own unless it is asked for", "[infer]") {
  if (no_torch()) return;
  const auto engine = load_torch_engine(network_in_space(), Device{}, 0);
  DeviceVolumeOptions options = on_device(1);
  options.on_device = false;
  CHECK(by_device(*engine, plan_volume({16, 12, 8}, 0.5, {8, 12, 16}), options).empty());
}

}  // namespace
}  // namespace musclemap::infer
