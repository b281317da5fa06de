// Every scheme of three axes on every instruction set of this machine, against double precision.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "infer/native/convolver.hpp"
#include "infer/native/feature_map.hpp"
#include "infer/reference/swept_layers.hpp"
#include "support/blocked_map.hpp"
#include "support/catch.hpp"

namespace musclemap::infer::native {
namespace {

struct Kind {
  Scheme depth;
  Scheme scheme;
  const char* name;
};

const std::vector<Kind> kKinds = {{Scheme::winograd4, Scheme::winograd4, "3x3x3"},
                                  {Scheme::winograd2, Scheme::winograd2, "3x3x3, small tiles"},
                                  {Scheme::pointwise, Scheme::winograd4, "1x3x3"},
                                  {Scheme::down4, Scheme::down4, "3x3x3, stride 2"},
                                  {Scheme::down2, Scheme::down2, "3x3x3, stride 2, small tiles"},
                                  {Scheme::winograd2, Scheme::down2, "3x3x3, stride (1, 2, 2)"},
                                  {Scheme::winograd4, Scheme::down4, "3x3x3, stride (1, 2, 2), large tiles"},
                                  {Scheme::down2, Scheme::winograd4, "3x3x3, stride (2, 1, 1)"},
                                  {Scheme::pointwise, Scheme::down2, "1x3x3, stride (1, 2, 2)"},
                                  {Scheme::pointwise, Scheme::pointwise, "1x1x1"}};

bool strides(Scheme scheme) { return scheme == Scheme::down2 || scheme == Scheme::down4; }

net::Taps taps_along(Scheme scheme) {
  if (scheme == Scheme::pointwise) return {};
  return {3, strides(scheme) ? 2 : 1, 1, 1, 0};
}

Extent extent_of(const DoubleMap& map) {
  return {static_cast<int>(map.sizes[0]), static_cast<int>(map.sizes[1]), static_cast<int>(map.sizes[2])};
}

struct Inputs {
  DoubleMap map;
  ActivationArrays activation;
};

Inputs random_inputs(int channels, const std::vector<std::int64_t>& sizes, std::mt19937& random) {
  std::normal_distribution<float> normal;
  Inputs inputs{DoubleMap(channels, sizes), ActivationArrays(blocks_of(channels) * kLanes)};
  for (double& value : inputs.map.values) value = static_cast<double>(normal(random));
  for (int c = 0; c < channels; ++c) {
    inputs.activation.scale()[c] = 1 + 0.3F * normal(random);
    inputs.activation.shift()[c] = normal(random);
    inputs.activation.slope()[c] = 0.01F;
  }
  return inputs;
}

// What the layer sees.
DoubleMap activated(Inputs* inputs) {
  DoubleMap map = inputs->map;
  for (std::int64_t c = 0; c < map.channels; ++c) {
    const auto scale = static_cast<double>(inputs->activation.scale()[c]);
    const auto shift = static_cast<double>(inputs->activation.shift()[c]);
    const auto slope = static_cast<double>(inputs->activation.slope()[c]);
    for (std::int64_t p = 0; p < map.pixels(); ++p) {
      const double z = scale * map.plane(c)[p] + shift;
      map.plane(c)[p] = std::max(z, 0.0) + slope * std::min(z, 0.0);
    }
  }
  return map;
}

DoubleMap convolved(const Kind& kind, const DoubleMap& input, const net::Tensor& weight,
                    const net::Tensor& bias) {
  net::Layer layer;
  layer.taps = {taps_along(kind.depth), taps_along(kind.scheme), taps_along(kind.scheme)};
  std::vector<std::int64_t> sizes;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const net::Taps& taps = layer.taps[axis];
    sizes.push_back((input.sizes[axis] + 2 * taps.padding - taps.kernel) / taps.stride + 1);
  }
  DoubleMap result(static_cast<std::int64_t>(bias.values.size()), sizes);
  convolve(layer, input, weight, &bias, 2, &result);
  return result;
}

DoubleMap absolute(DoubleMap map) {
  for (double& value : map.values) value = std::abs(value);
  return map;
}

net::Tensor absolute(net::Tensor tensor) {
  for (float& value : tensor.values) value = std::abs(value);
  return tensor;
}

// Of the sum of the absolute terms. Split numbers keep 2^-15 of a product.
double tolerance_of(bool split) {
  return split ? 0x1p-13 : 80 * static_cast<double>(std::numeric_limits<float>::epsilon());
}

void check_depth(const Kind& kind, int channels, int outputs, const std::vector<std::int64_t>& sizes,
                 unsigned seed, bool split = false) {
  std::mt19937 random(seed);
  Inputs inputs = random_inputs(channels, sizes, random);
  const int depth_taps = taps_along(kind.depth).kernel;
  const int plane_taps = taps_along(kind.scheme).kernel;
  const net::Tensor weight =
      test::random_tensor({outputs, channels, depth_taps, plane_taps, plane_taps}, random);
  const net::Tensor bias = test::random_tensor({outputs}, random);
  const DoubleMap seen = activated(&inputs);
  const DoubleMap wanted = convolved(kind, seen, weight, bias);
  const DoubleMap scales = convolved(kind, absolute(seen), absolute(weight), absolute(bias));
  const double scale = *std::max_element(scales.values.begin(), scales.values.end());

  test::BlockedMap from(channels, extent_of(inputs.map));
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t p = 0; p < inputs.map.pixels(); ++p) {
      from.at(c, p) = static_cast<float>(inputs.map.plane(c)[p]);
    }
  }
  Layer layer =
      make_layer(kind.scheme, kind.depth, {{&weight, &bias, false, false}}, whole_blocks(channels), 2);
  if (split) split_weights(&layer);
  CHECK(layer.split == (split && blocks_of(channels) % 2 == 0));
  const LayerInput input{from.map, inputs.activation.activation(), nullptr, 0, {}};
  for (const base::Isa isa : base::isas_here()) {
    if (split && kernels_for(isa).multiply_split == nullptr) continue;
    std::vector<float> first;
    std::vector<double> first_variance;
    for (const int threads : {1, 3, 4, 8}) {
      base::WorkerPool pool(threads);
      Convolver convolver(kernels_for(isa), pool);
      test::BlockedMap to(outputs, extent_of(wanted));
      ChannelMoments moments;
      convolver.store(layer, input, to.map, &moments);
      double worst = 0;
      for (std::int64_t c = 0; c < outputs; ++c) {
        double mean = 0;
        for (std::int64_t p = 0; p < wanted.pixels(); ++p) {
          worst = std::max(worst, std::abs(static_cast<double>(to.at(c, p)) - wanted.plane(c)[p]));
          mean += static_cast<double>(to.at(c, p)) / static_cast<double>(wanted.pixels());
        }
        double variance = 0;
        for (std::int64_t p = 0; p < wanted.pixels(); ++p) {
          variance +=
              std::pow(static_cast<double>(to.at(c, p)) - mean, 2) / static_cast<double>(wanted.pixels());
        }
        CHECK(std::abs(moments.mean[static_cast<std::size_t>(c)] - mean) <=
              1e-6 * std::sqrt(variance) + 1e-12);
        CHECK(std::abs(moments.variance[static_cast<std::size_t>(c)] - variance) <= 1e-5 * variance + 1e-30);
      }
      const double error = worst / scale / static_cast<double>(std::numeric_limits<float>::epsilon());
      INFO(kind.name << ", " << channels << " -> " << outputs << " on " << base::isa_name(isa) << ", "
                     << threads << " threads: " << error << " epsilon");
      CHECK(error * static_cast<double>(std::numeric_limits<float>::epsilon()) <= tolerance_of(split));
      const std::vector<float> values(to.memory.data(), to.memory.data() + to.memory.size());
      if (threads == 1) {
        first = values;
        first_variance = moments.variance;
      }
      CHECK(values == first);
      CHECK(moments.variance == first_variance);
    }
  }
}

TEST_CASE("native layers of three axes: sizes that fill no tile, channels that fill no block", "[infer]") {
  for (const Kind& kind : kKinds) {
    check_depth(kind, 3, 5, {2, 3, 1}, 1);
    check_depth(kind, 16, 20, {9, 7, 12}, 2);
    check_depth(kind, 20, 70, {5, 12, 6}, 3);
    check_depth(kind, 40, 33, {18, 8, 8}, 4);
  }
}

TEST_CASE("native layers of three axes: maps of many tiles", "[infer]") {
  for (const Kind& kind : kKinds) {
    check_depth(kind, 17, 18, {37, 38, 43}, 5);  // 110 tiles a plane of 3x3x3
    check_depth(kind, 33, 66, {5, 50, 70}, 6);
  }
}

// In one sum of 256 products the mean error is twice as large.
TEST_CASE("native layers of three axes: rounding errors of many channels", "[infer]") {
  constexpr int kChannels = 256;
  constexpr int kOutputs = 16;
  const Kind& kind = kKinds[0];
  std::mt19937 random(8);
  Inputs inputs = random_inputs(kChannels, {8, 8, 8}, random);
  const net::Tensor weight = test::random_tensor({kOutputs, kChannels, 3, 3, 3}, random);
  const net::Tensor bias = test::random_tensor({kOutputs}, random);
  test::BlockedMap from(kChannels, extent_of(inputs.map));
  for (std::int64_t c = 0; c < kChannels; ++c) {
    for (std::int64_t p = 0; p < inputs.map.pixels(); ++p) {
      from.at(c, p) = static_cast<float>(inputs.map.plane(c)[p]);
    }
  }
  const DoubleMap wanted = convolved(kind, activated(&inputs), weight, bias);
  const Layer layer =
      make_layer(kind.scheme, kind.depth, {{&weight, &bias, false, false}}, whole_blocks(kChannels), 2);
  base::WorkerPool pool(2);
  for (const base::Isa isa : base::isas_here()) {
    Convolver convolver(kernels_for(isa), pool);
    test::BlockedMap to(kOutputs, extent_of(wanted));
    convolver.store(layer, {from.map, inputs.activation.activation(), nullptr, 0, {}}, to.map, nullptr);
    double errors = 0;
    double squares = 0;
    for (std::int64_t c = 0; c < kOutputs; ++c) {
      for (std::int64_t p = 0; p < wanted.pixels(); ++p) {
        errors += std::abs(static_cast<double>(to.at(c, p)) - wanted.plane(c)[p]);
        squares += wanted.plane(c)[p] * wanted.plane(c)[p];
      }
    }
    const auto count = static_cast<double>(kOutputs * wanted.pixels());
    const double error = errors / count / std::sqrt(squares / count);
    INFO(base::isa_name(isa) << ": " << error * 0x1p24 << " of 2^-24");
    CHECK(error <= 20 * 0x1p-24);
  }
}

TEST_CASE("native layers of three axes: products of split numbers", "[infer]") {
  for (const Kind& kind : kKinds) {
    check_depth(kind, 20, 70, {5, 12, 6}, 7, true);
    check_depth(kind, 64, 33, {18, 8, 8}, 8, true);
    check_depth(kind, 33, 66, {9, 38, 43}, 9, true);  // three blocks of inputs stay floats
    check_depth(kind, 30, 18, {9, 50, 43}, 10, true);
  }
}

}  // namespace
}  // namespace musclemap::infer::native
