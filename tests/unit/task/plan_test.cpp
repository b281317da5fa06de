#include "task/plan.hpp"

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

}  // namespace
}  // namespace musclemap::task
