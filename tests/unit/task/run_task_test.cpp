#include "task/run_task.hpp"

#include <cmath>

#include "image/volume_reader.hpp"
#include "infer/load_engine.hpp"
#include "musclemap/musclemap.hpp"
#include "support/catch.hpp"
#include "support/fixed_bundle.hpp"
#include "support/one_network.hpp"
#include "task/bundle_state.hpp"
#include "task/musclemap_task.hpp"

namespace musclemap::task {
namespace {

Volume image_of_waves() {
  Geometry geometry;
  geometry.shape = {90, 70, 3};
  geometry.to_world(0, 0) = -1.5;
  geometry.to_world(1, 1) = 1.25;
  geometry.to_world(2, 2) = 4;
  Volume image = Volume::zeros(geometry, DType::f32);
  const auto voxel = image.mutable_view<float>();
  for (int k = 0; k < 3; ++k) {
    for (int j = 0; j < 70; ++j) {
      for (int i = 0; i < 90; ++i) {
        voxel(i, j, k) = static_cast<float>(200 + 100 * std::sin(i / 9.0 + k) + 80 * std::cos(j / 7.0));
      }
    }
  }
  return image;
}

struct Ran {
  Volume classes;
  TaskReport report;
};

Ran run(const TaskSpec& task, const RunSettings& settings) {
  const ModelBundle bundle = test::fixed_bundle();
  const infer::LoadedEngine loaded = infer::load_engine(bundle.state().network, {});
  test::OneNetwork network(*loaded.engine);
  const Volume image = image_of_waves();
  image::VolumeReader reader(image);
  Ran ran;
  ran.classes =
      run_task(task, bound(task, image.geometry(), {}), network, settings, {&reader}, {}, &ran.report);
  return ran;
}

TaskSpec task_of() {
  SegmentOptions options;
  options.overlap = 0.25;
  options.all_parts = true;
  return task_of_run(test::fixed_bundle(), options);
}

// Of both volumes, voxels that differ.
std::int64_t differing(const Volume& a, const Volume& b) {
  const auto left = a.view<std::uint8_t>();
  const auto right = b.view<std::uint8_t>();
  std::int64_t count = 0;
  for (std::int64_t k = 0; k < left.shape[2]; ++k) {
    for (std::int64_t j = 0; j < left.shape[1]; ++j) {
      for (std::int64_t i = 0; i < left.shape[0]; ++i) count += left(i, j, k) != right(i, j, k) ? 1 : 0;
    }
  }
  return count;
}

TEST_CASE("run task: another resampling is another task, whatever the threads", "[task]") {
  const TaskSpec monai = task_of();
  TaskSpec half_pixel = monai;
  image::ResampleHalfPixel resample{{1, 1, -1}};
  CHECK(why_not(half_pixel).empty());
  half_pixel.stages[0].steps[0] = resample;
  CHECK(why_not(half_pixel).find("separate_axis") != std::string::npos);
  resample.separate = image::SeparateAxis::never;
  half_pixel.stages[0].steps[0] = resample;
  REQUIRE(why_not(half_pixel).empty());
  const Ran one = run(half_pixel, {1, 1});
  CHECK(one.report.labelled);
  CHECK(one.report.windows > 0);
  CHECK(differing(one.classes, run(half_pixel, {5, 3}).classes) == 0);
  const std::int64_t apart = differing(one.classes, run(monai, {1, 1}).classes);
  CHECK(apart > 0);
  CHECK(apart < 90 * 70 * 3 / 4);
}

TEST_CASE("run task: steps that are left out are not done", "[task]") {
  TaskSpec plain = task_of();
  plain.steps.clear();
  plain.stages[0].steps = {image::NormaliseZ{}};
  plain.stages[0].scores_back = 1;
  REQUIRE(why_not(plain).empty());
  const Ran ran = run(plain, {1, 2});
  CHECK(ran.report.labelled);
  CHECK(ran.report.seen.nonfinite == 0);
  CHECK(ran.report.seen.most > ran.report.seen.least);
  plain.stages[0].steps.clear();
  plain.stages[0].scores_back = 0;
  CHECK(differing(ran.classes, run(plain, {1, 2}).classes) > 0);
}

}  // namespace
}  // namespace musclemap::task
