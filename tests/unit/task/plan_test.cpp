#include "task/plan.hpp"

#include <map>
#include <memory>
#include <string>

#include "support/catch.hpp"
#include "support/grids.hpp"
#include "task/musclemap_task.hpp"

namespace musclemap::task {
namespace {

TaskSpec task_of(std::size_t labels = 5, double overlap = 0.5) {
  ModelConfig config;
  config.window = {64, 64, 1};
  config.target_spacing = {1, 1, -1};
  for (std::size_t n = 0; n < labels; ++n)
    config.labels.push_back({static_cast<std::int32_t>(n) + 1, "", "", ""});
  TaskSpec task = musclemap_task(config, "", "", {});
  task.stages[0].windows.overlap_or_step = overlap;
  return task;
}

Geometry geometry_of(const Index3& shape, const image::Matrix4& to_world) {
  Geometry geometry;
  geometry.shape = shape;
  geometry.to_world.m = to_world.m;
  return geometry;
}

TEST_CASE("plan: grids, windows and the way back of a MuscleMap task", "[task]") {
  const Plan plan = bound(task_of(), geometry_of({190, 60, 4}, test::scaled(-1.5, -1.25, 4)), {});
  REQUIRE(plan.grids.size() == 2);
  CHECK(plan.grids[1].shape == Index3{190, 60, 4});
  CHECK(plan.grids[1].to_world(0, 0) == 1.5);
  REQUIRE(plan.stages.size() == 1);
  const StagePlan& stage = plan.stages[0];
  REQUIRE(stage.grids.size() == 3);
  CHECK(stage.grids[0].shape == Index3{284, 75, 4});
  CHECK(stage.grids[2].shape == Index3{284, 75, 4});
  CHECK(stage.windows.windows() == stage.slice.windows() * 4);
  CHECK(stage.back.target == Index3{190, 60, 4});
  CHECK(stage.back.resampler != nullptr);
  CHECK_FALSE(plan.falling());
}

TEST_CASE("plan: what is measured makes no figure larger", "[task]") {
  const TaskSpec task = task_of();
  const Plan whole = bound(task, geometry_of({300, 200, 9}, test::scaled(1, 1, 3)), {});
  std::vector<image::Measured> measured(3);
  measured[2].box = image::Block{{10, 20, 2}, {290, 90, 8}};
  const StagePlan plan = plan_stage(task.stages[0], whole.grids.back(), measured);
  CHECK(plan.grids.back().shape == Index3{280, 70, 6});
  CHECK(plan.back.box.begin == Index3{10, 20, 2});
  CHECK(plan.back.target == Index3{300, 200, 9});
  CHECK(plan.windows.windows() < whole.stages[0].windows.windows());
  measured[2].box = image::Block{};
  CHECK(plan_stage(task.stages[0], whole.grids.back(), measured).back.box.empty());
}

TEST_CASE("plan: slices that are not stored ones cost the volume", "[task]") {
  image::Matrix4 coronal = test::scaled(1, 0, 0);
  coronal(2, 1) = 1;
  coronal(1, 2) = 3;
  const Geometry across = geometry_of({100, 90, 80}, coronal);
  const Geometry along = geometry_of({100, 80, 90}, test::scaled(1, 3, 1));
  Machine machine;
  machine.engine = [](const infer::SlicePlan&, std::int64_t) { return infer::EngineMemory{100000000, 0, 0}; };
  machine.stored = DType::i16;
  const std::size_t more =
      bound(task_of(), across, machine).peak_bytes(1) - bound(task_of(), along, machine).peak_bytes(1);
  CHECK(more >= std::size_t{2} * 100 * 90 * 79);
  machine.stored = DType::f64;
  CHECK(bound(task_of(), across, machine).peak_bytes(1) >= std::size_t{8} * 100 * 90 * 80);
}

TEST_CASE("plan: classes, chunks and windows count", "[task]") {
  const Geometry image = geometry_of({200, 200, 50}, test::scaled(1, 1, 3));
  Machine inferring;  // where the network takes most
  inferring.engine = [](const infer::SlicePlan&, std::int64_t) {
    return infer::EngineMemory{100000000, 0, 0};
  };
  const auto peak = [&](const TaskSpec& task) { return bound(task, image, inferring).peak_bytes(1); };
  CHECK(peak(task_of(100)) > peak(task_of(5)) + std::size_t{95} * 200 * 200 * 4);
  TaskSpec chunks = task_of();
  chunks.each.chunk_slices = 7;
  CHECK(bound(chunks, image, {}).grids[0].shape == Index3{200, 200, 7});
  CHECK(class_dtype(task_of(255)) == DType::u8);
  CHECK(class_dtype(task_of(256)) == DType::i16);
  Machine machine;
  machine.engine = [](const infer::SlicePlan&, std::int64_t) { return infer::EngineMemory{1000, 10, 3}; };
  machine.model_bytes = 500;
  const Plan plan = bound(task_of(), image, machine);
  CHECK(plan.peak_bytes(4) == plan.peak_bytes(0) + 40);
  CHECK(plan.useful_windows == 3);
}

// One network on a grid of 2 mm whose windows are 16 voxels long.
TaskSpec volume_task(const std::string& network, std::int64_t images = 1) {
  TaskSpec task;
  task.images = images;
  image::ResampleCorner step;
  step.spacing_mm = {2, 2, 2};
  task.steps = {image::Reorient{}, step};
  StageSpec stage;
  stage.networks = {{network, ""}};
  stage.windows.size = {16, 16, 16};
  stage.windows.axes = 3;
  stage.windows.overlap_or_step = 0.5;
  stage.windows.placement = infer::Placement::nnunet;
  stage.windows.weight = infer::Weight::gaussian_nnunet;
  stage.windows.sum = infer::Sum::f16;
  task.stages = {stage};
  task.labels = {{1, "", "liver", ""}};
  return task;
}

std::size_t peak_of(const TaskSpec& task, const std::map<std::string, std::size_t>& networks) {
  Machine machine;
  machine.window = [&](const NetworkRef& network, const std::vector<std::int64_t>& sizes, std::int64_t) {
    CHECK(sizes == std::vector<std::int64_t>{16, 16, 16});
    return networks.at(network.file);
  };
  return bound(task, geometry_of({40, 40, 40}, test::scaled(1, 1, 1)), machine).peak_bytes(1);
}

TEST_CASE("plan: a window in any network of a task counts, of the rough one and the one beside too",
          "[task]") {
  constexpr std::size_t kMuch = 1000000000;
  TaskSpec task = volume_task("own");
  task.rough = Rough{std::make_shared<const TaskSpec>(volume_task("rough")), {}, 20};
  task.beside = std::make_shared<const TaskSpec>(volume_task("beside"));
  task.stages.push_back(task.stages[0]);
  task.stages[1].networks[0].file = "second";
  std::map<std::string, std::size_t> networks{{"own", 1}, {"second", 1}, {"rough", 1}, {"beside", 1}};
  CHECK(peak_of(task, networks) < kMuch / 2);
  for (auto& [name, bytes] : networks) {
    CAPTURE(name);
    bytes = kMuch;
    CHECK(peak_of(task, networks) > kMuch);
    CHECK(peak_of(task, networks) < kMuch + kMuch / 2);
    bytes = 1;
  }
}

TEST_CASE("plan: resampling holds every channel", "[task]") {
  const Geometry image = geometry_of({200, 200, 200}, test::scaled(0.25, 0.25, 0.25));
  const auto peak = [&](std::int64_t images) {
    TaskSpec task = volume_task("own", images);
    std::get<image::ResampleCorner>(task.steps[1]).values = image::Interpolation::cubic_spline;
    return bound(task, image, {}).peak_bytes(1);
  };
  const auto step = std::get<image::ResampleCorner>(volume_task("own").steps[1]);
  const image::Grid grid{image.shape, image::to_matrix(image.to_world)};
  CHECK(held_bytes(step, grid, 3) == 3 * held_bytes(step, grid, 1));
  // The padded volume in double precision.
  CHECK(peak(3) > peak(1) + std::size_t{2} * 224 * 224 * 200 * sizeof(double));
}

}  // namespace
}  // namespace musclemap::task
