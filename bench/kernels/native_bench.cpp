// Every scheme of the native engine: a layer of 64 to 64 channels on every instruction set of this machine.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "base/isa.hpp"
#include "base/worker_pool.hpp"
#include "infer/native/convolver.hpp"
#include "infer/native/feature_map.hpp"
#include "infer/native/kernels.hpp"
#include "infer/native/layer.hpp"
#include "net/tensor.hpp"

namespace musclemap::infer::native {
namespace {

constexpr int kChannels = 64;

struct SchemeCase {
  const char* name;
  Scheme depth;  // along planes
  Scheme scheme;
  int planes;  // of 32 x 32 pixels each; 1: one of 180 x 180, about as many
};

constexpr SchemeCase kCases[] = {
    {"3x3", Scheme::pointwise, Scheme::winograd4, 1},
    {"3x3, small tiles", Scheme::pointwise, Scheme::winograd2, 1},
    {"3x3, stride 2", Scheme::pointwise, Scheme::down2, 1},
    {"1x1", Scheme::pointwise, Scheme::pointwise, 1},
    {"3x3x3", Scheme::winograd4, Scheme::winograd4, 32},
    {"3x3x3, small tiles", Scheme::winograd2, Scheme::winograd2, 32},
    {"3x3x3, stride 2", Scheme::down4, Scheme::down4, 32},
    {"3x3x3, stride 2, small tiles", Scheme::down2, Scheme::down2, 32},
    {"3x3x3, stride (1, 2, 2)", Scheme::winograd2, Scheme::down2, 32},
    {"1x3x3", Scheme::pointwise, Scheme::winograd4, 32},
    {"1x1x1", Scheme::pointwise, Scheme::pointwise, 32},
};

bool strides(Scheme scheme) { return scheme == Scheme::down2 || scheme == Scheme::down4; }
int kernel_of(Scheme scheme) { return scheme == Scheme::pointwise ? 1 : 3; }
int halved(int size, Scheme scheme) { return strides(scheme) ? (size + 1) / 2 : size; }

// Products per second are those of the plain convolution, so schemes compare.
void native_layer(benchmark::State& state, const SchemeCase& of, base::Isa isa, bool split) {
  const int side = of.planes == 1 ? 180 : 32;
  const Extent input{of.planes, side, side};
  const Extent output{halved(of.planes, of.depth), halved(side, of.scheme), halved(side, of.scheme)};
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  const std::int64_t taps = std::int64_t{kernel_of(of.depth)} * kernel_of(of.scheme) * kernel_of(of.scheme);
  net::Tensor weight;
  weight.shape = {kChannels, kChannels, kernel_of(of.depth), kernel_of(of.scheme), kernel_of(of.scheme)};
  weight.values.resize(static_cast<std::size_t>(taps * kChannels * kChannels));
  for (float& value : weight.values) value = normal(random);
  Layer layer =
      make_layer(of.scheme, of.depth, {{&weight, nullptr, false, false}}, whole_blocks(kChannels), 1);
  if (split) split_weights(&layer);
  FeatureMap from(blocks_of(kChannels), input, false);
  FeatureMap to(blocks_of(kChannels), output, false);
  for (std::int64_t i = 0; i < input.pixels() * kChannels; ++i) from.map().data[i] = normal(random);
  base::WorkerPool pool(1);
  Convolver convolver(kernels_for(isa), pool);
  ChannelMoments moments;
  for (auto _ : state) convolver.store(layer, {from.map(), {}, nullptr, 0, {}}, to.map(), &moments);
  state.SetItemsProcessed(state.iterations() * output.pixels() * taps * kChannels * kChannels);
}

bool register_schemes() {
  for (const SchemeCase& of : kCases) {
    for (const base::Isa isa : base::isas_here()) {
      const bool amx = isa == base::Isa::amx;
      const std::string name =
          std::string("native_layer/") + of.name + "/" + base::isa_name(isa) + (amx ? ", split" : "");
      benchmark::RegisterBenchmark(name.c_str(), [of, isa, amx](benchmark::State& state) {
        native_layer(state, of, isa, amx);
      })->Unit(benchmark::kMillisecond);
    }
  }
  return true;
}

[[maybe_unused]] const bool kRegistered = register_schemes();

}  // namespace
}  // namespace musclemap::infer::native
