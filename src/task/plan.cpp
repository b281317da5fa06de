#include "task/plan.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "base/checked.hpp"
#include "base/memory.hpp"
#include "image/score_slice.hpp"
#include "musclemap/error.hpp"
#include "task/chunks.hpp"

namespace musclemap::task {
namespace {

std::size_t bytes(const std::vector<std::int64_t>& factors) {
  std::int64_t product = 1;
  for (const std::int64_t factor : factors) product = base::checked_mul(product, factor);
  return static_cast<std::size_t>(product);
}

std::int64_t plane(const image::Grid& grid) { return base::checked_mul(grid.shape[0], grid.shape[1]); }

// Grids, way back and windows, with what has been measured so far.
Plan lay_out(const TaskSpec& task, const image::Grid& stored, std::vector<image::Measured> measured) {
  const std::vector<image::Step> steps = all_steps(task);
  Plan plan;
  plan.measured = std::move(measured);
  plan.measured.resize(steps.size());
  plan.grids.push_back(stored);
  for (std::size_t n = 0; n < steps.size(); ++n) {
    const image::Grid& from = plan.grids.back();
    if (const auto* reorient = std::get_if<image::Reorient>(&steps[n])) {
      plan.orientation = image::orientation(*reorient, from);
    }
    plan.grids.push_back(
        std::visit([&](const auto& step) { return forward(step, from, plan.measured[n]); }, steps[n]));
  }
  plan.back.box = image::whole(plan.grids.back().shape);
  plan.back.target = plan.grids.back().shape;
  for (std::size_t n = steps.size(); n > task.steps.size(); --n) {
    std::visit([&](const auto& step) { undo(step, plan.grids[n - 1], plan.measured[n - 1], &plan.back); },
               steps[n - 1]);
  }
  const Index3& shape = plan.grids.back().shape;
  if (plan.back.box.empty()) return plan;
  plan.windows = infer::plan_windows(task.stages[0].windows, shape);
  plan.slice = infer::plan_slice(task.stages[0].windows, shape[0], shape[1]);
  return plan;
}

// Slices of scores that a slice of the target reads.
std::int64_t score_slices(const image::WayBack& back) {
  if (back.resampler == nullptr) return 1;
  std::int64_t most = 1;
  for (std::int64_t k = 0; k < back.target[2]; ++k) {
    const image::SliceRange range = back.resampler->source_slices(k);
    most = std::max(most, range.end - range.begin);
  }
  return most;
}

// What the fields of the steps and their readers hold.
std::size_t field_bytes(const TaskSpec& task, const Plan& plan, const Machine& machine) {
  const std::vector<image::Step> steps = all_steps(task);
  const image::Grid& stored = plan.grids[0];
  const auto voxel = static_cast<std::int64_t>(dtype_size(machine.stored));
  // A slice as it is read, or the volume where its slices are not those of the task.
  const bool streamed = image::streams(plan.orientation);
  std::size_t sum = bytes({plane(stored), streamed ? 1 : stored.shape[2], voxel});
  if (task.each.chunk_slices > 0) sum += bytes({plane(stored), stored.shape[2], sizeof(float)});
  std::int64_t widest = plane(stored);
  for (std::size_t n = 0; n < steps.size(); ++n) {
    const image::Grid& from = plan.grids[n];
    sum += std::visit([&](const auto& step) { return held_bytes(step, from); }, steps[n]);
    widest = std::max(widest, plane(plan.grids[n + 1]));
  }
  return sum + bytes({widest, sizeof(float)});  // a slice on its way up
}

void add_memory(const TaskSpec& task, const Index3& image, const Machine& machine, Plan* plan) {
  // Code and libraries of a program that does nothing else, its buffers and what its threads keep.
  constexpr std::size_t kProcess = std::size_t{24} << 20;
  const image::Grid& target = plan->grids[task.steps.size()];
  const std::int64_t vectors = (task.classes() + image::ScoreSlice::kVector - 1) / image::ScoreSlice::kVector;
  const std::size_t scores = bytes({plane(plan->grids.back()), vectors * image::ScoreSlice::kVector,
                                    score_slices(plan->back), sizeof(float)});
  const auto voxels = static_cast<std::int64_t>(bytes({image[0], image[1], image[2]}));
  const std::size_t classes = bytes({voxels, static_cast<std::int64_t>(dtype_size(class_dtype(task)))});
  infer::EngineMemory engine;
  if (machine.engine) engine = machine.engine(plan->slice, task.classes());
  const std::size_t inferring = field_bytes(task, *plan, machine) + scores +
                                bytes({plane(target), sizeof(std::int16_t)}) + engine.fixed;
  // The component filter holds at most a run (16 bytes) and a component (24) for every 16 voxels.
  const std::size_t polishing = task.polish.empty() ? 0 : bytes({voxels, 16 + 24}) / 16;
  // glibc gives larger blocks back at once; smaller ones of what is done may lie there beside what comes
  // next.
  constexpr std::size_t kKeptByAllocator = std::size_t{32} << 20;
  plan->fixed_bytes = kProcess + machine.model_bytes + classes + std::max(inferring, polishing) +
                      std::min({inferring, polishing, kKeptByAllocator});
  plan->per_window_bytes = engine.per_window;
  plan->useful_windows = engine.useful_windows;
}

}  // namespace

DType class_dtype(const TaskSpec& task) { return task.classes() <= 256 ? DType::u8 : DType::i16; }

std::vector<image::Step> all_steps(const TaskSpec& task) {
  std::vector<image::Step> steps = task.steps;
  steps.insert(steps.end(), task.stages[0].steps.begin(), task.stages[0].steps.end());
  return steps;
}

Plan bound(const TaskSpec& task, const Geometry& image, const Machine& machine) {
  image::Grid stored{image.shape, image::to_matrix(image.to_world)};
  stored.shape[2] = chunks_of(image.shape[2], task.each.chunk_slices)[0].count;
  Plan plan = lay_out(task, stored, {});
  add_memory(task, image.shape, machine, &plan);
  return plan;
}

std::int64_t windows_that_fit(const Plan& plan, std::int64_t wanted, std::size_t memory_budget) {
  const std::size_t budget = memory_budget > 0 ? memory_budget : base::available_memory();
  if (plan.peak_bytes(1) > budget) {
    throw Error(ErrorCode::memory, Reason::limit,
                "this image and model need " + std::to_string(plan.peak_bytes(1)) + " bytes; the memory " +
                    (memory_budget > 0 ? "limit" : "at hand") + " is " + std::to_string(budget));
  }
  if (plan.per_window_bytes == 0) return wanted;
  constexpr std::size_t kMost = 1U << 16;
  const std::size_t fitting = std::min((budget - plan.fixed_bytes) / plan.per_window_bytes, kMost);
  return std::min(wanted, static_cast<std::int64_t>(fitting));
}

Plan resolve(const TaskSpec& task, const Plan& bound, const std::vector<image::Measured>& measured) {
  Plan plan = lay_out(task, bound.grids[0], measured);
  plan.fixed_bytes = bound.fixed_bytes;
  plan.per_window_bytes = bound.per_window_bytes;
  plan.useful_windows = bound.useful_windows;
  return plan;
}

}  // namespace musclemap::task
