#include "infer/window_memory.hpp"

#include "net/graph_builder.hpp"
#include "support/catch.hpp"

namespace musclemap::infer {
namespace {

constexpr std::size_t kFloat = sizeof(float);

// A convolution, its norm and activation, and a head, as every stage of a U-Net has them.
net::Graph stage(int features, int classes) {
  net::GraphBuilder builder(3);
  auto map = builder.input("image", 1);
  map = builder.convolution(map, "conv", features, builder.every_axis({3, 1, 1}));
  map = builder.norm(net::LayerKind::instance_norm, map, "norm", true, 1e-5);
  map = builder.leaky_relu(map, "act", 0.01);
  builder.output("scores", builder.convolution(map, "head", classes, builder.every_axis({})));
  return builder.finish();
}

TEST_CASE("window memory: maps of the widest layer and their copies in blocks of 16 channels", "[infer]") {
  const std::size_t voxels = std::size_t{20} * 25 * 30;
  // The head: 8 and 20 channels, in blocks 16 and 32, and its weights.
  CHECK(window_bytes(stage(8, 20), {20, 25, 30}, 20) ==
        kFloat * (voxels * (8 + 20 + 16 + 32) + std::size_t{16} * 32));
  // The first convolution, whose kernel has 27 places.
  CHECK(window_bytes(stage(40, 2), {20, 25, 30}, 2) ==
        kFloat * (voxels * (1 + 40 + 16 + 48) + std::size_t{16} * 48 * 27));
}

TEST_CASE("window memory: a map that a later layer takes counts until then", "[infer]") {
  net::GraphBuilder builder(2);
  const auto image = builder.input("image", 1);
  const auto skip = builder.convolution(image, "a", 64, builder.every_axis({}));
  auto map = builder.leaky_relu(skip, "b", 0.01);
  map = builder.leaky_relu(map, "c", 0.01);
  builder.output("scores", builder.sum(map, skip, "d"));
  // At c: skip, b and c itself.
  CHECK(window_bytes(builder.finish(), {100, 100}, 64) == kFloat * 10000 * 64 * 3);
}

TEST_CASE("window memory: a program of unknown layers counts by its classes", "[infer]") {
  CHECK(window_bytes({}, {10, 10}, 3) == kFloat * 100 * 64 * 6);
  CHECK(window_bytes({}, {10, 10, 2}, 100) == kFloat * 200 * 100 * 6);
}

}  // namespace
}  // namespace musclemap::infer
