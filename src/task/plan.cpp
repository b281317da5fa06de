#include "task/plan.hpp"

#include <utility>
#include <variant>

#include "task/chunks.hpp"
#include "task/plan_memory.hpp"

namespace musclemap::task {
namespace {

// Steps of a stage that are undone on labels: those in front of the ones that are undone on scores.
std::size_t steps_of_labels(const StageSpec& stage) {
  return stage.steps.size() - static_cast<std::size_t>(stage.scores_back);
}

const image::Grid& below(const StagePlan& plan, const image::Grid& from, std::size_t step) {
  return step == 0 ? from : plan.grids[step - 1];
}

// Scores through the steps from `first` on.
image::WayBack way_back(const StageSpec& stage, const image::Grid& from, const StagePlan& plan,
                        std::size_t first) {
  image::WayBack back;
  back.target = below(plan, from, stage.steps.size()).shape;
  back.box = image::whole(back.target);
  for (std::size_t n = stage.steps.size(); n > first; --n) {
    std::visit([&](const auto& step) { undo(step, below(plan, from, n - 1), plan.measured[n - 1], &back); },
               stage.steps[n - 1]);
  }
  return back;
}

void plan_slices(const StageSpec& stage, const image::Grid& from, StagePlan* plan) {
  const Index3& shape = below(*plan, from, stage.steps.size()).shape;
  plan->back = way_back(stage, from, *plan, 0);
  if (plan->back.box.empty()) return;
  plan->windows = infer::plan_windows(stage.windows, shape);
  plan->slice = infer::plan_slice(stage.windows, shape[0], shape[1]);
}

void plan_whole(const StageSpec& stage, const image::Grid& from, StagePlan* plan) {
  const Index3& shape = below(*plan, from, stage.steps.size()).shape;
  const std::size_t labels = steps_of_labels(stage);
  plan->half_back =
      way_back(stage, from, *plan, labels).half_pixel.value_or(image::HalfPixelBack{shape, shape});
  plan->labels_back = image::labels_as_they_are(below(*plan, from, labels).shape);
  for (std::size_t n = labels; n > 0; --n) {
    std::visit(
        [&](const auto& step) {
          undo_labels(step, below(*plan, from, n - 1), plan->measured[n - 1], &plan->labels_back);
        },
        stage.steps[n - 1]);
  }
  const Index3& patch = stage.windows.size;
  std::vector<std::int64_t> sizes{patch[1], patch[0]};
  if (stage.windows.axes == 3) sizes.insert(sizes.begin(), patch[2]);
  plan->volume = infer::plan_volume(sizes, stage.windows.overlap_or_step, shape);
  plan->windows.axes = {plan->volume.x, plan->volume.y, plan->volume.z};
  plan->windows.image = shape;
}

}  // namespace

StagePlan plan_stage(const StageSpec& stage, const image::Grid& from, std::vector<image::Measured> measured) {
  StagePlan plan;
  plan.measured = std::move(measured);
  plan.measured.resize(stage.steps.size());
  for (std::size_t n = 0; n < stage.steps.size(); ++n) {
    plan.grids.push_back(
        std::visit([&](const auto& step) { return forward(step, below(plan, from, n), plan.measured[n]); },
                   stage.steps[n]));
  }
  if (sums_in_half(stage)) {
    plan_whole(stage, from, &plan);
  } else {
    plan_slices(stage, from, &plan);
  }
  return plan;
}

Plan lay_out(const TaskSpec& task, const Geometry& image) {
  Plan plan;
  plan.grids.push_back({image.shape, image::to_matrix(image.to_world)});
  plan.grids[0].shape[2] = chunks_of(image.shape[2], task.each.chunk_slices)[0].count;
  for (const image::Step& each : task.steps) {
    const image::Grid& from = plan.grids.back();
    if (const auto* reorient = std::get_if<image::Reorient>(&each))
      plan.orientation = image::orientation(*reorient, from);
    plan.grids.push_back(std::visit([&](const auto& step) { return forward(step, from, {}); }, each));
  }
  plan.labels_back = image::labels_as_they_are(plan.grids.back().shape);
  for (std::size_t n = task.steps.size(); n > 0; --n) {
    std::visit([&](const auto& step) { undo_labels(step, plan.grids[n - 1], {}, &plan.labels_back); },
               task.steps[n - 1]);
  }
  for (const StageSpec& stage : task.stages) plan.stages.push_back(plan_stage(stage, plan.grids.back(), {}));
  return plan;
}

Plan bound(const TaskSpec& task, const Geometry& image, const Machine& machine) {
  Plan plan = lay_out(task, image);
  if (task.rough) plan.rough = std::make_shared<const Plan>(bound(*task.rough->task, image, machine));
  if (task.previous)
    plan.previous = std::make_shared<const Plan>(bound(*task.previous->task, image, machine));
  if (task.beside) plan.beside = std::make_shared<const Plan>(bound(*task.beside, image, machine));
  add_memory(task, image.shape, machine, &plan);
  return plan;
}

}  // namespace musclemap::task
