#include "task/nnunet_task.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

#include "base/text.hpp"
#include "image/steps/reorient.hpp"
#include "io/weights/nnunet/folder.hpp"
#include "musclemap/error.hpp"
#include "task/nnunet_stage.hpp"
#include "task/task_options.hpp"
#include "task/task_spec.hpp"

namespace musclemap::task {
namespace {

namespace fs = std::filesystem;

// nnUNetPredictor's tile_step_size.
constexpr double kStep = 0.5;

// Which axes nnU-Net's own readers give a network: those that are stored, or those nearest to RAS+.
std::vector<image::Step> steps_of_reader(const io::NnunetFolder& folder) {
  const std::string& reader = folder.plans.reader;
  if (reader.empty() || reader == "SimpleITKIO" || reader == "NibabelIO") return {};
  if (reader == "SimpleITKIOWithReorient" || reader == "NibabelIOWithReorient") return {image::Reorient{}};
  throw Error(ErrorCode::format, Reason::unsupported,
              (folder.path / "plans.json").string() + ": image_reader_writer is \"" +
                  base::printable(reader, 60) +
                  "\"; SimpleITKIO, NibabelIO and these two with WithReorient behind are supported");
}

std::vector<Label> labels_of_dataset(const io::NnunetDataset& dataset) {
  std::vector<Label> labels;
  std::size_t region = 0;
  for (const io::NnunetLabel& each : dataset.labels) {
    if (each.values == std::vector<int>{0}) continue;
    Label label;
    label.value = dataset.regions ? dataset.regions_class_order.at(region++) : each.values.at(0);
    label.anatomy = each.name;
    labels.push_back(std::move(label));
  }
  std::sort(labels.begin(), labels.end(), [](const Label& a, const Label& b) { return a.value < b.value; });
  return labels;
}

}  // namespace

std::shared_ptr<const Task::State> open_nnunet_task(const fs::path& path, const TaskOptions& options,
                                                    const RunControl& control) {
  refuse_task_options(options, "a folder that nnU-Net has trained is run by nnU-Net's own rules",
                      {"use_mirroring", "save_probabilities"});
  const io::NnunetFolder folder = io::open_nnunet_folder(path);
  auto state = std::make_shared<Task::State>();
  TaskSpec& task = state->spec;
  task.name = folder.plans.dataset_name;
  task.images = static_cast<std::int64_t>(folder.dataset.channels.size());
  task.steps = steps_of_reader(folder);
  task.steps_of_reader = static_cast<std::int64_t>(task.steps.size());
  task.keeps_probabilities = !options.save_probabilities.empty();
  state->save_probabilities = options.save_probabilities;
  StageSpec stage = nnunet_stage(folder, folder.path, kStep);
  if (options.use_mirroring) stage.mirror = io::read_nnunet_fold(folder, 0, control).mirroring_axes;
  task.stages = {std::move(stage)};
  task.labels = labels_of_dataset(folder.dataset);
  add_nnunet_sources(folder, folder.path, &state->sources);
  return state;
}

}  // namespace musclemap::task
