// Resampling, scores back on the image's grid, connected parts. The argument is the number of threads where
// there is one.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "decode/best_classes.hpp"
#include "image/labels/components.hpp"
#include "image/resampler.hpp"
#include "image/steps/resample_monai.hpp"
#include "musclemap/volume.hpp"

namespace musclemap {
namespace {

// A slice of 512x384 at 0.78 mm and its counterpart of 400x300 at 1 mm.
constexpr Index3 kImage{512, 384, 4};
constexpr Index3 kNetwork{400, 300, 4};
constexpr std::int64_t kClasses = 114;

image::Matrix4 scaling(double in_plane) {
  image::Matrix4 matrix = image::identity<4>();
  matrix(0, 0) = in_plane;
  matrix(1, 1) = in_plane;
  return matrix;
}

std::vector<decode::Scores> random_scores() {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> score(-5, 5);
  std::vector<decode::Scores> slices;
  for (std::int64_t z = 0; z < kNetwork[2]; ++z) {
    const auto slice = std::make_shared<image::ScoreSlice>(kClasses, kNetwork[0], kNetwork[1]);
    for (std::int64_t n = 0; n < slice->blocks() * slice->plane(); ++n) slice->data()[n] = score(random);
    slices.push_back(slice);
  }
  return slices;
}

void class_sampler(benchmark::State& state) {
  static const std::vector<decode::Scores> kScores = random_scores();
  const image::WayBack back{image::whole(kNetwork), kImage,
                            std::make_shared<const image::Resampler>(kNetwork, kImage, scaling(0.78))};
  decode::BestClasses sampler(
      kClasses, back, [&](std::int64_t z) { return kScores[static_cast<std::size_t>(z)]; },
      static_cast<int>(state.range(0)));
  std::int64_t k = 0;
  for (auto _ : state) benchmark::DoNotOptimize(sampler.slice(k++ % kImage[2]).data());
}
BENCHMARK(class_sampler)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void class_sampler_on_one_grid(benchmark::State& state) {
  static const std::vector<decode::Scores> kScores = random_scores();
  decode::BestClasses sampler(
      kClasses, {image::whole(kNetwork), kNetwork, nullptr, {}},
      [&](std::int64_t z) { return kScores[static_cast<std::size_t>(z)]; }, static_cast<int>(state.range(0)));
  std::int64_t k = 0;
  for (auto _ : state) benchmark::DoNotOptimize(sampler.slice(k++ % kNetwork[2]).data());
}
BENCHMARK(class_sampler_on_one_grid)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

class OneValue : public image::Field {
 public:
  void read(const image::Block& block, float* out) override {
    const Index3 n = block.shape();
    std::fill(out, out + n[0] * n[1] * n[2], 1.5F);
  }
};

void resampled_slice(benchmark::State& state) {
  OneValue source;
  const image::Grid from{kImage, scaling(0.78)};
  const image::ResampleMonai step{{1, 1, -1}};
  const image::Grid to = forward(step, from, {});
  const auto resampled = apply(step, source, from, {}, static_cast<int>(state.range(0)));
  std::int64_t z = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(resampled->values(image::slice_of(image::whole(to.shape), z++ % to.shape[2])));
  }
}
BENCHMARK(resampled_slice)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

// 99 labels in blobs, one voxel in 500 astray: 7 million voxels.
void largest_components(benchmark::State& state) {
  const Index3 shape{240, 240, 122};
  std::mt19937 random(1);
  std::vector<std::uint8_t> made;
  for (std::int64_t k = 0; k < shape[2]; ++k) {
    for (std::int64_t j = 0; j < shape[1]; ++j) {
      for (std::int64_t i = 0; i < shape[0]; ++i) {
        const std::int64_t x = (i - 120) * (i - 120) + (j - 120) * (j - 120);
        const auto label =
            static_cast<std::uint8_t>(x > 12000 ? 0 : 1 + (i / 48 * 5 + j / 48) * 4 % 96 + k / 41);
        made.push_back(random() % 500 == 0 ? static_cast<std::uint8_t>(random() % 100) : label);
      }
    }
  }
  Geometry geometry;
  geometry.shape = shape;
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<std::uint8_t> labels = made;
    Volume volume = Volume::borrow(labels.data(), geometry, DType::u8, {1, shape[0], shape[0] * shape[1]},
                                   nullptr, false);
    state.ResumeTiming();
    benchmark::DoNotOptimize(image::keep_largest_components(volume.mutable_view<std::uint8_t>()));
  }
}
BENCHMARK(largest_components)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace musclemap
