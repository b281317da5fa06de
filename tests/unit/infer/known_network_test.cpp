#include "infer/known_network.hpp"

#include <cmath>
#include <cstddef>
#include <iostream>
#include <vector>

#include "musclemap/error.hpp"
#include "net/arch/sam.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/sam_weights.hpp"

namespace musclemap::infer {
namespace {

constexpr double kLargestDifference = 1e-4;

bool has_torch() {
  if (probe_torch(false).available) return true;
  std::cout << "skipped: needs the torch engine\n";
  return false;
}

/// As sam_golden.py picks them.
void check_samples(const net::Tensor& found, const std::vector<double>& expected) {
  const std::size_t step = found.values.size() / expected.size();
  for (std::size_t n = 0; n < expected.size(); ++n) {
    const auto value = static_cast<double>(found.values[step / 2 + n * step]);
    CHECK(std::abs(value - expected[n]) <= kLargestDifference);
  }
}

net::Tensor noise(const std::string& name, const std::vector<std::int64_t>& shape) {
  return {shape, test::noise_of(name, test::product_of(shape))};
}

TEST_CASE("known networks: the encoder is segment-anything's", "[infer]") {
  if (!has_torch()) return;
  net::StateDict model = test::small_sam();
  const auto engine = load_known_network({"sam_encoder", net::sam_encoder_weights(&model)}, Device{}, 0);
  const std::vector<net::Tensor> out = engine->run_ports({noise("picture", {1, 3, 1024, 1024})});
  REQUIRE(out.size() == 1);
  CHECK(out[0].shape == std::vector<std::int64_t>{1, 256, 64, 64});
  check_samples(out[0], {0.949763, -0.468984812, 0.472220182, 0.443959206, -0.0548269823, 1.53071761,
                         0.929190755, 0.826844096});
}

TEST_CASE("known networks: the mask decoder is segment-anything's", "[infer]") {
  if (!has_torch()) return;
  net::StateDict model = test::small_sam();
  const auto engine =
      load_known_network({"sam_mask_decoder", net::sam_mask_decoder_weights(&model)}, Device{}, 0);
  const std::vector<net::Tensor> out = engine->run_ports({noise("embedding", {1, 256, 64, 64}),
                                                          {{2, 1, 2}, {100.0F, 200.0F, 512.25F, 900.75F}},
                                                          {{2, 1}, {1.0F, 1.0F}}});
  REQUIRE(out.size() == 2);
  CHECK(out[0].shape == std::vector<std::int64_t>{2, 3, 256, 256});
  check_samples(out[0], {0.310502172, -0.34022361, -0.183547974, -0.807514906, -0.104603596, -0.979727685,
                         -0.858339906, -1.20460534});
  REQUIRE(out[1].shape == std::vector<std::int64_t>{2, 3});
  check_samples(out[1], {-0.00111706927, 0.114279769, 0.0896222144, -0.203306094, 0.188271999, 0.13961792});
}

TEST_CASE("known networks: the AIS decoder is torch-em's", "[infer]") {
  if (!has_torch()) return;
  const std::vector<double> of_interpolation{0.445644885, 0.400758743, 0.454739571, 0.556574881,
                                             0.546751797, 0.514669657, 0.534280717, 0.587266207};
  const std::vector<double> of_transposed{0.357813001, 0.373316407, 0.427627027, 0.530692399,
                                          0.48071304,  0.358421504, 0.379944175, 0.470020592};
  for (const bool transposed : {false, true}) {
    net::StateDict decoder = test::small_microsam_decoder(transposed);
    const auto engine =
        load_known_network({"microsam_decoder", net::microsam_decoder_weights(&decoder)}, Device{}, 0);
    const std::vector<net::Tensor> out = engine->run_ports({noise("embedding", {1, 256, 64, 64})});
    CHECK(out.at(0).shape == std::vector<std::int64_t>{1, 3, 1024, 1024});
    check_samples(out.at(0), transposed ? of_transposed : of_interpolation);
  }
}

TEST_CASE("known networks: another name is refused", "[infer]") {
  if (!has_torch()) return;
  CHECK(test::contains(test::error_of([] {
                         load_known_network({"resnet", {}}, Device{}, 0);
                       }),
                       "no architecture is called 'resnet'"));
}

}  // namespace
}  // namespace musclemap::infer
