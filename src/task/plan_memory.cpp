#include "task/plan_memory.hpp"

#include <algorithm>
#include <string>
#include <variant>

#include "base/checked.hpp"
#include "base/memory.hpp"
#include "image/score_slice.hpp"
#include "infer/volume_scores.hpp"
#include "musclemap/error.hpp"
#include "task/polish/polish.hpp"
#include "task/previous_labels.hpp"
#include "task/stage_probabilities.hpp"

namespace musclemap::task {
namespace {

std::size_t bytes(const std::vector<std::int64_t>& factors) {
  std::int64_t product = 1;
  for (const std::int64_t factor : factors) product = base::checked_mul(product, factor);
  return static_cast<std::size_t>(product);
}

std::int64_t plane(const image::Grid& grid) { return base::checked_mul(grid.shape[0], grid.shape[1]); }

std::size_t voxels(const Index3& shape) { return bytes({shape[0], shape[1], shape[2]}); }

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

// What the fields of steps hold, and the widest plane of any grid on the way.
struct ChainBytes {
  std::size_t held = 0;
  std::int64_t widest = 0;
};

void add_steps(const std::vector<image::Step>& steps, const image::Grid& from,
               const std::vector<image::Grid>& behind, std::int64_t channels, ChainBytes* sum) {
  sum->widest = std::max(sum->widest, plane(from));
  for (std::size_t n = 0; n < steps.size(); ++n) {
    const image::Grid& below = n == 0 ? from : behind[n - 1];
    sum->held += std::visit(
        [&](const auto& step) { return held_bytes(step, below, static_cast<int>(channels)); }, steps[n]);
    sum->widest = std::max(sum->widest, plane(behind[n]));
  }
}

std::vector<image::Grid> behind_steps(const Plan& plan) { return {plan.grids.begin() + 1, plan.grids.end()}; }

// A slice as it is read, or the volume where its slices are not those of the task.
std::size_t reading(const Plan& plan, const Machine& machine) {
  const image::Grid& stored = plan.grids[0];
  const bool streamed = image::streams(plan.orientation);
  return bytes(
      {plane(stored), streamed ? 1 : stored.shape[2], static_cast<std::int64_t>(dtype_size(machine.stored))});
}

// While a network sees slices.
std::size_t inferring_slices(const TaskSpec& task, const Plan& plan, const Machine& machine,
                             const infer::EngineMemory& engine) {
  const StagePlan& stage = plan.stages[0];
  ChainBytes chain;
  add_steps(task.steps, plan.grids[0], behind_steps(plan), 1, &chain);
  add_steps(task.stages[0].steps, plan.grids.back(), stage.grids, 1, &chain);
  const std::int64_t vectors = (task.classes() + image::ScoreSlice::kVector - 1) / image::ScoreSlice::kVector;
  const image::Grid& network = stage.grids.empty() ? plan.grids.back() : stage.grids.back();
  const std::size_t scores =
      bytes({plane(network), vectors * image::ScoreSlice::kVector, score_slices(stage.back), sizeof(float)});
  std::size_t sum = reading(plan, machine) + chain.held + scores + bytes({chain.widest, sizeof(float)});
  if (task.each.chunk_slices > 0) sum += bytes({plane(plan.grids[0]), plan.grids[0].shape[2], sizeof(float)});
  return sum + bytes({plane(plan.grids.back()), sizeof(std::int16_t)}) + engine.fixed;
}

// While networks see windows of the volume, or the image comes to the task's grid.
std::size_t inferring_volume(const TaskSpec& task, const Plan& plan, const Machine& machine) {
  const Index3& own = plan.grids.back().shape;
  const std::size_t label = dtype_size(class_dtype(task));
  ChainBytes outer;
  add_steps(task.steps, plan.grids[0], behind_steps(plan), task.images, &outer);
  const std::size_t image = voxels(own) * static_cast<std::size_t>(task.images) * sizeof(float);
  const std::size_t preparing = static_cast<std::size_t>(task.images) * reading(plan, machine) + outer.held +
                                bytes({outer.widest, sizeof(double)}) * 4;
  std::size_t most = 0;
  for (std::size_t n = 0; n < task.stages.size(); ++n) {
    const StageSpec& stage = task.stages[n];
    const StagePlan& of_stage = plan.stages[n];
    ChainBytes chain;
    add_steps(stage.steps, plan.grids.back(), of_stage.grids, task.images, &chain);
    const std::int64_t classes = task.channels(stage);
    const auto of_previous =
        static_cast<std::int64_t>(task.previous ? task.previous->labels.size() : std::size_t{0});
    std::vector<std::int64_t> sizes = of_stage.volume.shape(1);
    sizes.erase(sizes.begin(), sizes.begin() + 2);
    std::size_t engine = 0;
    for (const NetworkRef& network : stage.networks) {
      if (machine.window) engine = std::max(engine, machine.window(network, sizes, classes));
    }
    const std::size_t sums =
        infer::volume_score_bytes(of_stage.volume, classes, static_cast<std::int64_t>(stage.networks.size()),
                                  task.images + of_previous, !stage.mirror.empty(), engine);
    const std::size_t decoded = decode::half_class_bytes(half_decoding(task, stage, of_stage));
    std::size_t labels = voxels(of_stage.half_back.to) * sizeof(std::int16_t);
    if (task.previous) labels += previous_label_bytes(of_stage) + voxels(own) * label;
    if (task.keeps_probabilities) {
      // And a slice of them, with that of the scores that they are made of.
      const Index3& target = of_stage.half_back.to;
      labels += stage_probability_bytes(classes, own) +
                3 * stage_probability_bytes(classes, {target[0], target[1], 1});
    }
    most = std::max(most, chain.held + sums + decoded + labels +
                              bytes({chain.widest, sizeof(float)}) * static_cast<std::size_t>(task.images));
  }
  const std::size_t back = task.labels_back == LabelsReturn::class_by_class
                               ? 2 * voxels(plan.grids[task.steps.size() - 1].shape) * label
                               : 0;
  return image + voxels(own) * label + std::max({preparing, most, back});
}

}  // namespace

void add_memory(const TaskSpec& task, const Index3& image, const Machine& machine, Plan* plan) {
  // Code and libraries of a program that does nothing else, its buffers and what its threads keep.
  constexpr std::size_t kProcess = std::size_t{24} << 20;
  const std::size_t classes = voxels(image) * dtype_size(class_dtype(task));
  infer::EngineMemory engine;
  const bool slices = !sums_in_half(task.stages[0]);
  if (machine.engine && slices) engine = machine.engine(plan->stages[0].slice, task.classes());
  const std::size_t inferring =
      slices ? inferring_slices(task, *plan, machine, engine) : inferring_volume(task, *plan, machine);
  // The component filter holds at most a run (16 bytes) and a component (24) for every 16 voxels.
  const std::size_t filtering = task.polish.empty() ? 0 : voxels(image) * (16 + 24) / 16;
  const std::size_t polishing =
      std::max({filtering, polish_bytes_at(image::At::image, task.polish, image),
                polish_bytes_at(image::At::task, task.polish, plan->grids.back().shape)});
  // glibc gives larger blocks back at once; smaller ones of what is done may lie there beside what comes
  // next.
  constexpr std::size_t kKeptByAllocator = std::size_t{32} << 20;
  plan->fixed_bytes = kProcess + machine.model_bytes + classes + std::max(inferring, polishing) +
                      std::min({inferring, polishing, kKeptByAllocator});
  // Labels of one of them are there while another one runs.
  for (const std::shared_ptr<const Plan>& other : {plan->rough, plan->previous, plan->beside}) {
    if (other) plan->fixed_bytes = classes + std::max(plan->fixed_bytes, other->fixed_bytes);
  }
  plan->per_window_bytes = engine.per_window;
  plan->useful_windows = engine.useful_windows;
}

decode::HalfDecoding half_decoding(const TaskSpec& task, const StageSpec& stage, const StagePlan& plan) {
  decode::HalfDecoding decoding;
  decoding.classes = task.channels(stage);
  decoding.shape = plan.half_back.from;
  if (plan.half_back.from != plan.half_back.to) decoding.back = plan.half_back;
  decoding.near = decoding.back && std::holds_alternative<ArgMaxNear>(stage.decode);
  if (std::holds_alternative<Regions>(stage.decode)) {
    for (std::int64_t c = 1; c <= decoding.classes; ++c)
      decoding.regions.push_back(static_cast<std::uint16_t>(c));
  }
  return decoding;
}

DType class_dtype(const TaskSpec& task) {
  if (!sums_in_half(task.stages[0])) return task.classes() <= 256 ? DType::u8 : DType::i16;
  std::int64_t largest = 0;
  for (const Label& label : task.labels) largest = std::max<std::int64_t>(largest, label.value);
  for (const StageSpec& stage : task.stages) {
    for (const std::int64_t value : stage.to_label) largest = std::max(largest, value);
  }
  return largest <= 255 ? DType::u8 : DType::i16;
}

std::int64_t windows_that_fit(const Plan& plan, std::int64_t wanted, std::size_t memory_budget) {
  base::check_memory(plan.peak_bytes(1), memory_budget, "this image and model");
  if (plan.per_window_bytes == 0) return wanted;
  constexpr std::size_t kMost = 1U << 16;
  const std::size_t budget = base::memory_limit(memory_budget);
  const std::size_t fitting = std::min((budget - plan.fixed_bytes) / plan.per_window_bytes, kMost);
  return std::min(wanted, static_cast<std::int64_t>(fitting));
}

}  // namespace musclemap::task
