// The sweep over a label map and its values.
#include <benchmark/benchmark.h>

#include <cstdint>

#include "image/volume_reader.hpp"
#include "musclemap/run.hpp"
#include "musclemap/volume.hpp"
#include "quant/label_means.hpp"
#include "quant/label_sweep.hpp"

namespace musclemap {
namespace {

// Means of 90 labels of 7 million voxels; the argument is the number of threads.
void label_sweep(benchmark::State& state) {
  Geometry geometry;
  geometry.shape = {240, 240, 122};
  Volume labels = Volume::zeros(geometry, DType::i16);
  Volume values = Volume::zeros(geometry, DType::i16);
  const std::int64_t count = 240 * 240 * 122;
  for (std::int64_t n = 0; n < count; ++n) {
    labels.mutable_view<std::int16_t>().data[n] = static_cast<std::int16_t>(n / 23 % 91);
    values.mutable_view<std::int16_t>().data[n] = static_cast<std::int16_t>(n % 997);
  }
  RunControl control;
  control.threads = static_cast<int>(state.range(0));
  for (auto _ : state) {
    image::VolumeReader label_reader(labels);
    image::VolumeReader value_reader(values);
    quant::LabelMeans means(2);
    quant::LabelSweep(label_reader, {&value_reader})
        .run(Stage::measure, control, [&](const quant::SweepSlab& slab) {
          means.add(slab);
          return quant::SweepTasks{};
        });
    benchmark::DoNotOptimize(means.of_label().size());
  }
  state.SetItemsProcessed(state.iterations() * count);
}
BENCHMARK(label_sweep)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace musclemap
