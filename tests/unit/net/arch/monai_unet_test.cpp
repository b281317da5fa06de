#include "net/arch/monai_unet.hpp"

#include <cstdint>
#include <string>

#include "musclemap/error.hpp"
#include "support/catch.hpp"

namespace musclemap::net {
namespace {

UNetSpec published(int out_channels, int units) {
  UNetSpec spec;
  spec.out_channels = out_channels;
  spec.channels = {64, 128, 256, 512, 1024};
  spec.strides = {2, 2, 2, 2};
  spec.num_res_units = units;
  return spec;
}

std::int64_t parameters(const UNetSpec& spec) { return monai_unet(spec).parameter_count(); }

TEST_CASE("monai unet: the published models have the published number of parameters", "[net]") {
  CHECK(parameters(published(90, 1)) == 13572600);
  CHECK(parameters(published(100, 1)) == 13601240);
  CHECK(parameters(published(114, 1)) == 13644360);
  CHECK(parameters(published(6, 1)) == 13403088);
  CHECK(parameters(published(9, 2)) == 25979563);
  CHECK(parameters(published(14, 2)) == 25986368);
  CHECK(parameters(published(15, 2)) == 25987783);
  CHECK(parameters(published(29, 2)) == 26009483);
  for (const std::int64_t c : {2, 9, 100, 114}) {
    CHECK(parameters(published(static_cast<int>(c), 1)) == 13395840 + 9 * c * c + 1154 * c);
    CHECK(parameters(published(static_cast<int>(c), 2)) == 25968448 + 9 * c * c + 1154 * c);
  }
  UNetSpec small = published(6, 1);
  small.channels = {4, 8, 16, 32, 64};
  CHECK(parameters(small) == 53448);
  small.num_res_units = 2;
  CHECK(parameters(small) == 102676);
}

TEST_CASE("monai unet: names and shapes are MONAI's, in the order of the state dict", "[net]") {
  const std::vector<Parameter> list = monai_unet(published(100, 1)).parameters;
  REQUIRE(list.size() == 36);
  const auto shape_of = [&](const std::string& name) {
    for (const Parameter& parameter : list) {
      if (parameter.name == name) return parameter.shape;
    }
    return std::vector<std::int64_t>{};
  };
  using Shape = std::vector<std::int64_t>;
  CHECK(list[0].name == "model.0.conv.unit0.conv.weight");
  CHECK(list[1].name == "model.0.conv.unit0.conv.bias");
  CHECK(list[2].name == "model.0.residual.weight");
  CHECK(list[35].name == "model.2.1.conv.unit0.conv.bias");
  CHECK(shape_of("model.0.residual.weight") == Shape{64, 1, 3, 3});
  CHECK(shape_of("model.1.submodule.0.conv.unit0.conv.weight") == Shape{128, 64, 3, 3});
  CHECK(shape_of("model.1.submodule.1.submodule.1.submodule.1.submodule.residual.weight") ==
        Shape{1024, 512, 1, 1});
  CHECK(shape_of("model.1.submodule.1.submodule.1.submodule.2.0.conv.weight") == Shape{1536, 256, 3, 3});
  CHECK(shape_of("model.2.0.conv.weight") == Shape{128, 100, 3, 3});
  CHECK(shape_of("model.2.0.conv.bias") == Shape{100});
  CHECK(shape_of("model.2.1.conv.unit0.conv.weight") == Shape{100, 100, 3, 3});
}

TEST_CASE("monai unet: without residual units and with stride 1 the blocks are plainer", "[net]") {
  UNetSpec spec = published(3, 0);
  spec.channels = {2, 4};
  spec.strides = {2};
  const std::vector<Parameter> plain = monai_unet(spec).parameters;
  REQUIRE(plain.size() == 6);
  CHECK(plain[0].name == "model.0.conv.weight");
  CHECK(plain[2].name == "model.1.submodule.conv.weight");
  CHECK(plain[4].name == "model.2.conv.weight");
  CHECK(plain[4].shape == std::vector<std::int64_t>{6, 3, 3, 3});
  // Stride 1 between equal channels leaves the residual without parameters.
  spec.num_res_units = 1;
  spec.channels = {1, 1};
  spec.strides = {1};
  CHECK(monai_unet(spec).parameters.size() == 8);
}

TEST_CASE("monai unet: a description that makes no network is refused", "[net]") {
  UNetSpec spec = published(3, 1);
  spec.strides.pop_back();
  CHECK_THROWS_AS(monai_unet(spec), Error);
  spec.channels = {4};
  spec.strides = {};
  CHECK_THROWS_AS(monai_unet(spec), Error);
}

}  // namespace
}  // namespace musclemap::net
