#include "task/musclemap_task.hpp"

#include <utility>

#include "task/bundle_state.hpp"

namespace musclemap::task {
namespace {

constexpr std::int64_t kForegroundMargin = 20;  // docs/chains/musclemap.md, section 4.5
// MuscleMap pads every image to this size in the plane, whatever the model's window
// (docs/chains/musclemap.md, section 4.6).
constexpr std::int64_t kLeastInPlane = 256;

}  // namespace

TaskSpec musclemap_task(const ModelConfig& config, const std::string& name, const std::string& version,
                        const NetworkRef& network) {
  TaskSpec task;
  task.name = name;
  task.version = version;
  task.steps = {image::Reorient{}};
  StageSpec stage;
  stage.networks = {network};
  stage.steps = {image::ResampleMonai{config.target_spacing}, image::NormaliseZ{},
                 image::CropAboveZero{{kForegroundMargin, kForegroundMargin, kForegroundMargin}}};
  stage.windows.size = config.window;
  stage.windows.overlap_or_step = kDefaultOverlap;
  stage.windows.least = {kLeastInPlane, kLeastInPlane, 1};
  stage.scores_back = static_cast<std::int64_t>(stage.steps.size());
  task.stages = {std::move(stage)};
  task.polish = {KeepLargest{}};
  task.labels = config.labels;
  return task;
}

Machine machine_of(const infer::Engine& engine, std::size_t model_bytes, DType stored) {
  Machine machine;
  machine.engine = [&engine](const infer::SlicePlan& slice, std::int64_t classes) {
    return engine.memory(slice, classes);
  };
  machine.model_bytes = model_bytes;
  machine.stored = stored;
  return machine;
}

std::size_t held_weight_bytes(const ModelBundle& bundle) {
  return 3 * sizeof(float) * static_cast<std::size_t>(bundle.parameter_count()) +
         bundle.state().network.torchscript.size();
}

TaskSpec task_of_run(const ModelBundle& bundle, const SegmentOptions& options) {
  TaskSpec task = musclemap_task(bundle.state().config, bundle.name(), bundle.version(),
                                 {bundle.weights_file().filename().string(), bundle.sha256()});
  task.stages[0].windows.overlap_or_step = options.overlap.value_or(kDefaultOverlap) + 0.0;  // -0 is 0
  task.each.chunk_slices = options.chunk_slices;
  if (options.all_parts) task.polish.clear();
  return task;
}

}  // namespace musclemap::task
