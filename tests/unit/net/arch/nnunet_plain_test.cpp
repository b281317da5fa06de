#include "net/arch/nnunet_plain.hpp"

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

/// As nnU-Net plans it: 32 features at full size, doubled to at most `most`; strides of 2 but for the first
/// stage.
NnUNetSpec planned(int axes, std::size_t stages, int most, int outputs) {
  NnUNetSpec spec;
  spec.out_channels = outputs;
  for (std::size_t s = 0; s < stages; ++s) {
    spec.features.push_back(s == 0 ? 32 : std::min(most, 2 * spec.features.back()));
    spec.kernels.emplace_back(axes, 3);
    spec.strides.emplace_back(axes, s == 0 ? 1 : 2);
    spec.encoder_depths.push_back(2);
    if (s > 0) spec.decoder_convolutions.push_back(2);
  }
  return spec;
}

/// Counted by hand: kernels of 3^axes with bias and affine norm, heads of deep supervision at every size.
std::int64_t counted(const NnUNetSpec& spec) {
  const std::int64_t taps = spec.strides[0].size() == 2 ? 9 : 27;
  const std::int64_t corners = spec.strides[0].size() == 2 ? 4 : 8;
  const auto convolution = [&](std::int64_t in, std::int64_t out) { return taps * in * out + 3 * out; };
  std::int64_t total = 0;
  std::int64_t before = spec.in_channels;
  for (const std::int64_t here : spec.features) {
    total += convolution(before, here) + convolution(here, here);
    before = here;
  }
  for (std::size_t s = spec.features.size() - 1; s-- > 0;) {
    const std::int64_t here = spec.features[s];
    total += corners * spec.features[s + 1] * here + here;
    total +=
        convolution(2 * here, here) + convolution(here, here) + here * spec.out_channels + spec.out_channels;
  }
  return total;
}

TEST_CASE("nnunet plain: as many parameters as the published networks have", "[net]") {
  // TotalSegmentator's parts of 1.5 mm: six stages in space, 125 MB of 32-bit floats.
  const NnUNetSpec part = planned(3, 6, 320, 25);
  const Graph graph = nnunet_plain(part);
  CHECK(graph.parameter_count() == counted(part));
  CHECK(static_cast<double>(graph.parameter_count()) * 4 / 1e6 == Approx(125).margin(1));
  const NnUNetSpec flat = planned(2, 7, 512, 5);
  CHECK(nnunet_plain(flat).parameter_count() == counted(flat));
}

TEST_CASE("nnunet plain: names, shapes and order are those of the state dict", "[net]") {
  NnUNetSpec spec = planned(2, 3, 512, 4);
  spec.in_channels = 2;
  spec.kernels[0] = {1, 3};
  spec.strides[2] = {1, 2};
  const std::vector<Parameter> list = nnunet_plain(spec).parameters;
  // Four a convolution of the stages, two a transposed one and a head.
  REQUIRE(list.size() == 4 * (6 + 4) + 2 * 2 + 2 * 2);
  CHECK(list[0].name == "encoder.stages.0.0.convs.0.conv.weight");
  CHECK(list[0].shape == Shape{32, 2, 1, 3});
  CHECK(list[1].name == "encoder.stages.0.0.convs.0.conv.bias");
  CHECK(list[2].name == "encoder.stages.0.0.convs.0.norm.weight");
  CHECK(list[3].name == "encoder.stages.0.0.convs.0.norm.bias");
  CHECK(list[4].name == "encoder.stages.0.0.convs.1.conv.weight");
  CHECK(list[8].name == "encoder.stages.1.0.convs.0.conv.weight");
  CHECK(list[8].shape == Shape{64, 32, 3, 3});
  CHECK(list[24].name == "decoder.stages.0.convs.0.conv.weight");
  CHECK(list[24].shape == Shape{64, 128, 3, 3});
  CHECK(list[32].name == "decoder.stages.1.convs.0.conv.weight");
  CHECK(list[32].shape == Shape{32, 64, 1, 3});
  CHECK(list[40].name == "decoder.transpconvs.0.weight");
  CHECK(list[40].shape == Shape{128, 64, 1, 2});
  CHECK(list[42].shape == Shape{64, 32, 2, 2});
  CHECK(list[44].name == "decoder.seg_layers.0.weight");
  CHECK(list[44].shape == Shape{4, 64, 1, 1});
  CHECK(list[46].name == "decoder.seg_layers.1.weight");
  CHECK(list[46].shape == Shape{4, 32, 1, 1});
}

TEST_CASE("nnunet plain: scores have the size of the image, in the plane and in space", "[net]") {
  NnUNetSpec spec = planned(3, 3, 320, 4);
  spec.strides[2] = {1, 2, 2};
  const Graph deep = nnunet_plain(spec);
  CHECK(size_steps(deep) == Shape{2, 4, 4});
  const LayerShape scores = layer_shapes(deep, {6, 8, 12})[deep.outputs[0].layer];
  CHECK(scores.channels == 4);
  CHECK(scores.sizes == Shape{6, 8, 12});
  // Heads of deep supervision are no layers.
  for (const Layer& layer : deep.layers) CHECK(layer.name != "decoder.seg_layers.0");
  const Graph flat = nnunet_plain(planned(2, 4, 512, 3));
  CHECK(size_steps(flat) == Shape{8, 8});
}

TEST_CASE("nnunet plain: numbers that do not go together are refused", "[net]") {
  const auto refusal = [](auto change) {
    NnUNetSpec spec = planned(2, 3, 320, 4);
    change(spec);
    return error_of([&] { nnunet_plain(spec); });
  };
  CHECK(refusal([](NnUNetSpec&) {}) == "no error");
  CHECK(contains(refusal([](NnUNetSpec& s) { s.features.pop_back(); }), "those of 2 stages"));
  CHECK(contains(refusal([](NnUNetSpec& s) { s.features.clear(); }), "at least 2 stages"));
  CHECK(contains(refusal([](NnUNetSpec& s) { s.kernels[1] = {3, 3, 3}; }), "numbers of axes"));
  CHECK(contains(refusal([](NnUNetSpec& s) { s.decoder_convolutions[0] = 0; }), "no convolution"));
  CHECK(contains(refusal([](NnUNetSpec& s) { s.strides[1] = {0, 2}; }), "not in use"));
  CHECK(contains(refusal([](NnUNetSpec& s) { s.out_channels = 0; }), "has 0 channels"));
}

}  // namespace
}  // namespace musclemap::net
