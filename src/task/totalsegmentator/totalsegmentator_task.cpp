#include "task/totalsegmentator/totalsegmentator_task.hpp"

#include <algorithm>
#include <utility>

#include "image/interpolation.hpp"
#include "image/steps/reorient.hpp"
#include "image/steps/resample_corner.hpp"
#include "io/weights/nnunet/folder.hpp"
#include "musclemap/error.hpp"
#include "task/nnunet_stage.hpp"
#include "task/totalsegmentator/missing_weights.hpp"
#include "task/totalsegmentator/task_choice.hpp"
#include "task/totalsegmentator/task_polish.hpp"
#include "task/weights_search.hpp"

namespace musclemap::task {
namespace {

namespace fs = std::filesystem;

std::vector<image::Step> outer_steps(const TaskChoice& choice) {
  std::vector<image::Step> steps = {image::Reorient{}};
  if (!choice.spacing_mm) return steps;
  image::ResampleCorner resample;
  resample.spacing_mm = *choice.spacing_mm;
  resample.values = image::interpolation_of(choice.resampling_order);
  resample.truncate = true;
  steps.emplace_back(resample);
  return steps;
}

// Label k of a network is the task's first + k - 1; those that the task does not know become 0.
std::vector<std::int64_t> labels_of(const KnownNetwork& network, std::size_t channels) {
  std::vector<std::int64_t> labels(channels, 0);
  for (std::size_t n = 0; n < channels && n < static_cast<std::size_t>(network.labels); ++n)
    labels[n] = network.first + static_cast<std::int64_t>(n);
  return labels;
}

class Builder {
 public:
  Builder(const std::vector<fs::path>& roots, NetworkSources* sources) : roots_(roots), sources_(sources) {}

  TaskSpec task(const TaskChoice& choice) {
    TaskSpec task;
    task.name = choice.task->name;
    task.version = known_version();
    if (choice.rough) task.rough = rough(*choice.rough);
    if (choice.beside) task.beside = std::make_shared<const TaskSpec>(this->task(*choice.beside));
    task.steps = outer_steps(choice);
    task.labels_back = choice.labels_back;
    task.slabs = choice.slabs;
    for (const KnownNetwork& each : choice.networks) task.stages.push_back(stage(choice, each));
    task.polish = polish_of(choice);
    task.labels = labels_of_task(choice);
    return task;
  }

 private:
  Rough rough(const RoughChoice& choice) {
    Rough rough;
    rough.task = std::make_shared<const TaskSpec>(task(*choice.task));
    for (const std::string& name : choice.classes) rough.labels.push_back(choice.task->task->value_of(name));
    std::sort(rough.labels.begin(), rough.labels.end());
    rough.margin_mm = choice.margin_mm;
    return rough;
  }

  StageSpec stage(const TaskChoice& choice, const KnownNetwork& network) {
    const fs::path wanted = choice.variant->folder(network, choice.plans);
    const fs::path found = find_weights(roots_, wanted);
    // Of "root/dataset/model" the root.
    const fs::path root = found.parent_path().parent_path();
    io::NnunetFolderOptions options;
    if (choice.variant->folds) {
      for (const int fold : *choice.variant->folds) options.folds.push_back(std::to_string(fold));
    }
    const io::NnunetFolder folder = io::open_nnunet_folder(found, options);
    if (folder.dataset.channels.size() != 1) {
      throw Error(ErrorCode::model, Reason::model,
                  "channel_names is a list of " + std::to_string(folder.dataset.channels.size()) +
                      "; networks of TotalSegmentator see one image",
                  found / "dataset.json");
    }
    if (!folder.configuration.previous_stage.empty()) {
      throw Error(ErrorCode::model, Reason::model,
                  "the network is the second of a cascade; TotalSegmentator has none", found / "plans.json");
    }
    StageSpec stage = nnunet_stage(folder, root, choice.step);
    if (choice.near_scores) {
      if (folder.dataset.regions) {
        throw Error(ErrorCode::unsupported, Reason::unsupported,
                    "labels are regions; higher_order_resampling takes back classes", found / "dataset.json");
      }
      stage.decode = ArgMaxNear{};
    }
    stage.name = network.part;
    stage.to_label = labels_of(network, stage.to_label.size());
    add_nnunet_sources(folder, root, sources_);
    return stage;
  }

  const std::vector<fs::path>& roots_;
  NetworkSources* sources_;
};

}  // namespace

std::shared_ptr<const Task::State> open_totalsegmentator_task(const std::string& name,
                                                              const TaskOptions& options,
                                                              const std::vector<fs::path>& roots) {
  const TaskChoice choice = choose_task(name, options);
  const std::string missing = missing_weights(choice, roots);
  if (!missing.empty()) throw Error(ErrorCode::model, Reason::model, missing);
  auto state = std::make_shared<Task::State>();
  state->spec = Builder(roots, &state->sources).task(choice);
  state->spec.keeps_probabilities = !options.save_probabilities.empty();
  state->save_probabilities = options.save_probabilities;
  return state;
}

}  // namespace musclemap::task
