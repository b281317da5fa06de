// Every scheme on every instruction set of this machine, against double precision.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "infer/native/convolver.hpp"
#include "infer/reference/swept_layers.hpp"
#include "support/blocked_map.hpp"
#include "support/catch.hpp"

namespace musclemap::infer::native {
namespace {

/// Values [channel][row][column].
struct PlainMap : DoubleMap {
  PlainMap(int c, int r, int w) : DoubleMap(c, {r, w}), rows(r), columns(w) {}
  int rows;
  int columns;
};

struct Case {
  Scheme scheme;
  int rows;  // of the kernel
  int columns;
  int stride;
  int padding;
  bool transposed;
  int output_padding;
};

const std::vector<Case> kCases = {
    {Scheme::winograd4, 3, 3, 1, 1, false, 0}, {Scheme::winograd2, 3, 3, 1, 1, false, 0},
    {Scheme::down2, 3, 3, 2, 1, false, 0},     {Scheme::down4, 3, 3, 2, 1, false, 0},
    {Scheme::up2, 3, 3, 2, 1, true, 1},        {Scheme::up2, 3, 3, 2, 1, true, 0},
    {Scheme::pointwise, 1, 1, 1, 0, false, 0}, {Scheme::image, 3, 3, 2, 1, false, 0},
    {Scheme::image, 7, 5, 4, 3, false, 0},     {Scheme::taps, 7, 7, 1, 3, false, 0},
    {Scheme::taps, 2, 3, 4, 1, false, 0},      {Scheme::taps, 2, 2, 2, 0, true, 0},
    {Scheme::taps, 5, 4, 3, 2, true, 1}};

struct Blocked : test::BlockedMap {
  Blocked(int channels, int rows, int columns) : BlockedMap(channels, {1, rows, columns}) {}
  float& at(int c, int r, int w) { return BlockedMap::at(c, static_cast<std::int64_t>(r) * map.columns + w); }
};

Blocked blocked(const PlainMap& plain) {
  Blocked result(static_cast<int>(plain.channels), plain.rows, plain.columns);
  for (int c = 0; c < plain.channels; ++c) {
    for (int r = 0; r < plain.rows; ++r) {
      for (int w = 0; w < plain.columns; ++w) {
        result.at(c, r, w) = static_cast<float>(plain.plane(c)[r * plain.columns + w]);
      }
    }
  }
  return result;
}

PlainMap absolute(PlainMap map) {
  for (double& value : map.values) value = std::abs(value);
  return map;
}

net::Tensor absolute(net::Tensor tensor) {
  for (float& value : tensor.values) value = std::abs(value);
  return tensor;
}

int size_after(const Case& which, int size, int kernel) {
  return which.transposed ? (size - 1) * which.stride - 2 * which.padding + kernel + which.output_padding
                          : (size + 2 * which.padding - kernel) / which.stride + 1;
}

PlainMap expected(const Case& which, const PlainMap& input, const net::Tensor& weight,
                  const net::Tensor& bias) {
  const auto outputs = static_cast<int>(bias.values.size());
  PlainMap result(outputs, size_after(which, input.rows, which.rows),
                  size_after(which, input.columns, which.columns));
  net::Layer layer;
  layer.taps = {{which.rows, which.stride, which.padding, 1, which.output_padding},
                {which.columns, which.stride, which.padding, 1, which.output_padding}};
  (which.transposed ? convolve_transposed : convolve)(layer, input, weight, &bias, 2, &result);
  return result;
}

std::vector<Layer> layers_of(const Case& which, const LayerWeights& weights, std::int64_t inputs_of,
                             int threads) {
  const auto channels = static_cast<int>(inputs_of);
  const TapGrid taps{which.rows, which.columns, -which.padding, -which.padding, which.stride, which.stride};
  const ChannelMap inputs = whole_blocks(channels);
  if (which.scheme == Scheme::taps && which.transposed) {
    return make_transposed_layers(weights, inputs, taps, threads);
  }
  std::vector<Layer> layers;
  if (which.scheme == Scheme::taps) {
    layers.push_back(make_gather_layer({weights}, inputs, taps, {}, threads));
  } else if (which.scheme == Scheme::image) {
    layers.push_back(make_image_layer({weights}, channels, taps, threads));
  } else {
    layers.push_back(make_layer(which.scheme, Scheme::pointwise, {weights}, inputs, threads));
  }
  return layers;
}

// Rounding error of a sum is bounded by the sum of the absolute terms; Winograd's transforms take it up by
// the product of their coefficients.
// A split number has 16 bits of a float's 24.
double tolerance(Scheme scheme, bool split) {
  const double epsilon = std::numeric_limits<float>::epsilon() * (split ? 256 : 1);
  return (scheme == Scheme::winograd4 ? 40 : 8) * epsilon;
}

void check_layer(const Case& which, base::Isa isa, int threads, const PlainMap& input, int outputs,
                 unsigned seed, bool split = false) {
  std::mt19937 random(seed);
  const net::Tensor weight =
      which.transposed ? test::random_tensor({input.channels, outputs, which.rows, which.columns}, random)
                       : test::random_tensor({outputs, input.channels, which.rows, which.columns}, random);
  const net::Tensor bias = test::random_tensor({outputs}, random);
  const PlainMap wanted = expected(which, input, weight, bias);
  const PlainMap scale = expected(which, absolute(input), absolute(weight), absolute(bias));

  std::vector<Layer> layers =
      layers_of(which, {&weight, &bias, which.transposed, false}, input.channels, threads);
  for (Layer& layer : layers) {
    if (!split) break;
    split_weights(&layer);
    REQUIRE(layer.split);
  }
  base::WorkerPool pool(threads);
  Convolver convolver(kernels_for(isa), pool);
  Blocked from = blocked(input);
  const std::vector<float> image(input.values.begin(), input.values.end());
  LayerInput layer_input{from.map, {}, nullptr, 0, {}};
  if (which.scheme == Scheme::image) {
    layer_input.image = image.data();
    layer_input.image_channels = static_cast<int>(input.channels);
  }
  Blocked to(outputs, wanted.rows, wanted.columns);
  ChannelMoments moments;
  const bool measured = layers.size() == 1;
  for (const Layer& layer : layers) {
    convolver.store(layer, layer_input, to.map, measured ? &moments : nullptr);
  }

  INFO("scheme " << static_cast<int>(which.scheme) << " on " << base::isa_name(isa) << ", " << threads
                 << " threads");
  double worst = 0;
  for (int c = 0; c < outputs; ++c) {
    double mean = 0;
    for (int r = 0; r < wanted.rows; ++r) {
      for (int w = 0; w < wanted.columns; ++w) {
        const auto at = static_cast<std::size_t>(r) * wanted.columns + w;
        const double difference = std::abs(static_cast<double>(to.at(c, r, w)) - wanted.plane(c)[at]);
        worst = std::max(worst, difference);
        mean += static_cast<double>(to.at(c, r, w));
      }
    }
    if (!measured) continue;
    const double pixels = static_cast<double>(wanted.rows) * wanted.columns;
    mean /= pixels;
    double variance = 0;
    for (int r = 0; r < wanted.rows; ++r) {
      for (int w = 0; w < wanted.columns; ++w) {
        variance += std::pow(static_cast<double>(to.at(c, r, w)) - mean, 2) / pixels;
      }
    }
    // Sums of up to 16 squares are floats, of differences from the first value.
    const double spread = std::sqrt(variance);
    const double away = std::abs(static_cast<double>(to.at(c, 0, 0)) - mean);
    CHECK(std::abs(moments.mean[static_cast<std::size_t>(c)] - mean) <=
          1e-6 * (spread + away) + 1e-12 * std::abs(mean));
    CHECK(std::abs(moments.variance[static_cast<std::size_t>(c)] - variance) <=
          1e-5 * variance + 1e-6 * away * away + 1e-30);
  }
  for (int c = outputs; c < blocks_of(outputs) * kLanes; ++c) {
    CHECK(to.at(c, wanted.rows - 1, wanted.columns - 1) == 0.0F);
  }
  worst /= *std::max_element(scale.values.begin(), scale.values.end()) + 1e-30;
  CHECK(worst <= tolerance(which.scheme, split));
}

PlainMap filled(int channels, int rows, int columns, const std::function<double(int, int, int)>& value) {
  PlainMap map(channels, rows, columns);
  for (int c = 0; c < channels; ++c) {
    for (int r = 0; r < rows; ++r) {
      for (int w = 0; w < columns; ++w) {
        map.plane(c)[r * columns + w] = static_cast<double>(static_cast<float>(value(c, r, w)));
      }
    }
  }
  return map;
}

PlainMap noise(int channels, int rows, int columns, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  return filled(channels, rows, columns, [&](int, int, int) { return normal(random); });
}

TEST_CASE("native layers: sizes and channel counts that fill no block", "[infer]") {
  for (const base::Isa isa : base::isas_here()) {
    for (const Case& which : kCases) {
      check_layer(which, isa, 1, noise(3, 8, 8, 1), 5, 2);
      check_layer(which, isa, 2, noise(16, 22, 14, 3), 40, 4);
      check_layer(which, isa, 2, noise(33, 6, 10, 5), 70, 6);
      const bool large = which.rows * which.columns > 9;  // tables of its weights take time
      check_layer(which, isa, 3, noise(large ? 40 : 130, 12, 4, 7), 128, 8);
      check_layer(which, isa, 1, noise(1, 2, 2, 9), 16, 10);
    }
  }
}

TEST_CASE("native layers: products of split numbers", "[infer]") {
  for (const base::Isa isa : base::isas_here()) {
    if (kernels_for(isa).multiply_split == nullptr) continue;
    for (const Case& which : kCases) {
      if (which.scheme == Scheme::image) continue;
      check_layer(which, isa, 1, noise(32, 22, 14, 3), 40, 4, true);
      check_layer(which, isa, 2, noise(50, 6, 10, 5), 70, 6, true);
      const bool large = which.rows * which.columns > 9;
      check_layer(which, isa, 3, noise(large ? 64 : 160, 12, 4, 7), 128, 8, true);
      check_layer(which, isa, 1, filled(20, 24, 24, [](int, int, int) { return 0.37; }), 20, 2, true);
      check_layer(which, isa, 1,
                  filled(20, 24, 24, [](int, int r, int w) { return r == 11 && w == 5 ? 1e4 : 0.0; }), 20, 4,
                  true);
    }
  }
}

TEST_CASE("native layers: inputs that are hard on sums", "[infer]") {
  for (const base::Isa isa : base::isas_here()) {
    for (const Case& which : kCases) {
      const int n = 24;
      check_layer(which, isa, 1, filled(20, n, n, [](int, int, int) { return 0.0; }), 20, 1);
      check_layer(which, isa, 1, filled(20, n, n, [](int, int, int) { return 0.37; }), 20, 2);
      check_layer(
          which, isa, 1,
          filled(20, n, n, [](int c, int r, int w) { return r < n / 2 ? 0.0 : std::sin(c + 3 * r + 7 * w); }),
          20, 3);
      check_layer(which, isa, 1,
                  filled(20, n, n, [](int, int r, int w) { return r == 11 && w == 5 ? 1e4 : 0.0; }), 20, 4);
      check_layer(
          which, isa, 1,
          filled(20, n, n, [](int c, int r, int w) { return 100 + 0.01 * std::sin(c + 3 * r + 7 * w); }), 20,
          5);
    }
  }
}

TEST_CASE("native layers: the same bits for any number of threads", "[infer]") {
  std::mt19937 random(1);
  const PlainMap input = noise(64, 20, 28, 2);
  Blocked from = blocked(input);
  for (const base::Isa isa : base::isas_here()) {
    for (const Scheme scheme : {Scheme::winograd4, Scheme::winograd2}) {
      const net::Tensor weight = test::random_tensor({200, 64, 3, 3}, random);
      const Layer layer =
          make_layer(scheme, Scheme::pointwise, {{&weight, nullptr, false, false}}, whole_blocks(64), 1);
      std::vector<float> first;
      std::vector<double> first_moments;
      for (const int threads : {1, 2, 3, 7}) {
        base::WorkerPool pool(threads);
        Convolver convolver(kernels_for(isa), pool);
        Blocked to(200, 20, 28);
        ChannelMoments moments;
        convolver.store(layer, {from.map, {}, nullptr, 0, {}}, to.map, &moments);
        const std::vector<float> values(to.memory.data(), to.memory.data() + to.memory.size());
        if (threads == 1) {
          first = values;
          first_moments = moments.variance;
        }
        CHECK(values == first);
        CHECK(moments.variance == first_moments);
      }
    }
  }
}

}  // namespace
}  // namespace musclemap::infer::native
