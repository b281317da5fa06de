// Split numbers and their products, on every unit of this machine.
#include <cmath>
#include <cstdint>
#include <iostream>
#include <limits>
#include <random>
#include <vector>

#include "base/aligned.hpp"
#include "infer/native/bfloat16.hpp"
#include "infer/native/kernels.hpp"
#include "infer/native/layer.hpp"
#include "support/catch.hpp"

namespace musclemap::infer::native {
namespace {

TEST_CASE("bfloat16: to nearest, ties to even", "[infer]") {
  CHECK(from_bfloat16(to_bfloat16(1.0F)) == 1.0F);
  CHECK(from_bfloat16(to_bfloat16(1.0F + 0x1p-8F)) == 1.0F);
  CHECK(from_bfloat16(to_bfloat16(1.0F + 0x1.8p-7F)) == 1.0F + 0x1p-6F);
  CHECK(from_bfloat16(to_bfloat16(-1.0F - 0x1.1p-8F)) == -1.0F - 0x1p-7F);
  CHECK(std::isinf(from_bfloat16(to_bfloat16(std::numeric_limits<float>::max()))));
  CHECK(std::isnan(from_bfloat16(to_bfloat16(std::numeric_limits<float>::quiet_NaN()))));
  CHECK(std::signbit(from_bfloat16(to_bfloat16(-0.0F))));
}

TEST_CASE("split numbers keep 17 bits", "[infer]") {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  for (int i = 0; i < 10000; ++i) {
    const float x = std::ldexp(normal(random), static_cast<int>(random() % 40) - 20);
    std::uint16_t high = 0;
    std::uint16_t low = 0;
    split_float(x, &high, &low);
    const double kept = static_cast<double>(from_bfloat16(high)) + static_cast<double>(from_bfloat16(low));
    REQUIRE(std::abs(kept - static_cast<double>(x)) <= 0x1p-17 * std::abs(static_cast<double>(x)));
  }
}

TEST_CASE("products of split numbers, of all sizes", "[infer]") {
  std::mt19937 random(2);
  std::normal_distribution<float> normal;
  for (const base::Isa isa : base::isas_here()) {
    const Kernels& kernels = kernels_for(isa);
    if (kernels.multiply_split == nullptr) continue;
    for (const int tiles : {24, 48, 72, 120}) {
      for (int blocks = 1; blocks <= kGroup; ++blocks) {
        for (const int inputs : {2, 6}) {
          // The layer's weights are the product's; the map's pixels are its tiles.
          net::Tensor weight;
          weight.shape = {blocks * kLanes, inputs * kLanes, 1, 1};
          weight.values.resize(static_cast<std::size_t>(blocks * kLanes * inputs * kLanes));
          for (float& value : weight.values) value = normal(random);
          Layer layer = make_layer(Scheme::pointwise, Scheme::pointwise, {{&weight, nullptr, false, false}},
                                   whole_blocks(static_cast<int>(inputs * kLanes)), 1);
          split_weights(&layer);
          base::AlignedFloats map(inputs * tiles * kLanes);
          for (std::int64_t i = 0; i < map.size(); ++i) map.data()[i] = normal(random);
          base::AlignedFloats transformed(map.size());
          base::AlignedFloats products(static_cast<std::int64_t>(tiles) * blocks * kLanes);

          InputCall input;
          input.input = whole_map(map.data(), inputs, {1, 1, tiles});
          input.tiles = {0, tiles, tiles, 1};
          input.block_end = inputs;
          input.tile_stride = tiles;
          input.transformed = transformed.data();
          kernels.input_split[static_cast<int>(Scheme::pointwise)](input);
          ProductCall product;
          product.inputs[0] = transformed.data();
          product.input_stride = tiles * kLanes;
          product.input_blocks = inputs;
          product.weights = product.next = layer.weights.data();
          product.output_blocks = blocks;
          product.tiles = tiles;
          product.products[0] = products.data();
          product.frequencies = 1;
          kernels.multiply_split(product);

          double worst = 0;
          for (int t = 0; t < tiles; ++t) {
            for (int n = 0; n < blocks * kLanes; ++n) {
              double sum = 0;
              double size = 0;
              for (int k = 0; k < inputs * kLanes; ++k) {
                const auto x =
                    static_cast<double>(map.data()[(k / kLanes * tiles + t) * kLanes + k % kLanes]);
                const auto w =
                    static_cast<double>(weight.values[static_cast<std::size_t>(n * inputs * kLanes + k)]);
                sum += x * w;
                size += std::abs(x * w);
              }
              const auto got = static_cast<double>(products.data()[t * blocks * kLanes + n]);
              worst = std::max(worst, std::abs(got - sum) / size);
            }
          }
          INFO(base::isa_name(isa) << ", " << tiles << " tiles, " << blocks << " blocks of outputs, "
                                   << inputs << " of inputs: " << worst);
          REQUIRE(worst <= 0x1p-15);
        }
      }
    }
  }
  if (base::isas_here().back() != base::Isa::amx)
    std::cout << "AMX: not on this machine, plain tiles alone\n";
}

}  // namespace
}  // namespace musclemap::infer::native
