#include "net/arch/nnunet_residual.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "net/check_graph.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap::net {
namespace {

using test::contains;
using test::error_of;
using Shape = std::vector<std::int64_t>;

/// The ResEnc presets of nnU-Net for images in space: six stages, one convolution a stage on the way up.
NnUNetSpec preset() {
  NnUNetSpec spec;
  spec.out_channels = 118;
  spec.features = {32, 64, 128, 256, 320, 320};
  spec.kernels.assign(6, {3, 3, 3});
  spec.strides.assign(6, {2, 2, 2});
  spec.strides[0] = {1, 1, 1};
  spec.encoder_depths = {1, 3, 4, 6, 6, 6};
  spec.decoder_convolutions.assign(5, 1);
  return spec;
}

/// Counted by hand: a block has two kernels with bias and affine norm, and a projection without bias where it
/// widens.
std::int64_t counted(const NnUNetSpec& spec) {
  const auto convolution = [](std::int64_t in, std::int64_t out) { return 27 * in * out + 3 * out; };
  std::int64_t before = spec.features[0];
  std::int64_t total = convolution(spec.in_channels, before);  // the stem
  for (std::size_t s = 0; s < spec.features.size(); ++s) {
    const std::int64_t here = spec.features[s];
    total += convolution(before, here) + convolution(here, here);
    if (before != here) total += before * here + 2 * here;
    total += std::int64_t{2} * (spec.encoder_depths[s] - 1) * convolution(here, here);
    before = here;
  }
  for (std::size_t s = spec.features.size() - 1; s-- > 0;) {
    const std::int64_t here = spec.features[s];
    total += std::int64_t{8} * spec.features[s + 1] * here + here + convolution(2 * here, here) +
             here * spec.out_channels + spec.out_channels;
  }
  return total;
}

TEST_CASE("nnunet residual: as many parameters as counted by hand", "[net]") {
  CHECK(nnunet_residual(preset()).parameter_count() == counted(preset()));
}

TEST_CASE("nnunet residual: names, shapes and order are those of the state dict", "[net]") {
  NnUNetSpec spec;
  spec.in_channels = 2;
  spec.out_channels = 3;
  spec.features = {4, 6, 6};
  spec.kernels = {{1, 3}, {3, 3}, {3, 3}};
  spec.strides = {{1, 1}, {1, 2}, {2, 2}};
  spec.encoder_depths = {1, 1, 2};
  spec.decoder_convolutions = {1, 1};
  const std::vector<Parameter> list = nnunet_residual(spec).parameters;
  const auto place = [&](const std::string& name) {
    const auto at =
        std::find_if(list.begin(), list.end(), [&](const Parameter& p) { return p.name == name; });
    return at - list.begin();
  };
  CHECK(list[0].name == "encoder.stem.convs.0.conv.weight");
  CHECK(list[0].shape == Shape{4, 2, 1, 3});
  CHECK(list[4].name == "encoder.stages.0.blocks.0.conv1.conv.weight");
  CHECK(list[8].name == "encoder.stages.0.blocks.0.conv2.conv.weight");
  CHECK(list[11].name == "encoder.stages.0.blocks.0.conv2.norm.bias");
  // The first block of the second stage is strided and wider: its projection stands behind the pooling.
  CHECK(list[20].name == "encoder.stages.1.blocks.0.skip.1.conv.weight");
  CHECK(list[20].shape == Shape{6, 4, 1, 1});
  CHECK(list[21].name == "encoder.stages.1.blocks.0.skip.1.norm.weight");
  CHECK(list[23].name == "encoder.stages.2.blocks.0.conv1.conv.weight");
  CHECK(place("encoder.stages.2.blocks.0.skip.1.conv.weight") == static_cast<std::ptrdiff_t>(list.size()));
  CHECK(place("encoder.stages.2.blocks.1.conv2.norm.bias") + 1 ==
        place("decoder.stages.0.convs.0.conv.weight"));
  CHECK(list.back().name == "decoder.seg_layers.1.bias");
  // Wider without a stride: the projection is the first of its list.
  spec.strides[1] = {1, 1};
  const std::vector<Parameter> level = nnunet_residual(spec).parameters;
  CHECK(level[20].name == "encoder.stages.1.blocks.0.skip.0.conv.weight");
}

TEST_CASE("nnunet residual: scores have the size of the image", "[net]") {
  NnUNetSpec spec = preset();
  spec.strides[5] = {1, 2, 2};
  const Graph graph = nnunet_residual(spec);
  const LayerShape scores = layer_shapes(graph, {32, 64, 96})[graph.outputs[0].layer];
  CHECK(scores.channels == 118);
  CHECK(scores.sizes == Shape{32, 64, 96});
}

TEST_CASE("nnunet residual: numbers that do not go together are refused", "[net]") {
  NnUNetSpec spec = preset();
  spec.encoder_depths.pop_back();
  CHECK(contains(error_of([&] { nnunet_residual(spec); }), "those of 6 stages"));
  spec = preset();
  spec.encoder_depths[2] = 0;
  CHECK(contains(error_of([&] { nnunet_residual(spec); }), "no convolution"));
}

}  // namespace
}  // namespace musclemap::net
