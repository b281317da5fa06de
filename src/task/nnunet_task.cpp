#include "task/nnunet_task.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
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

// "<trainer>__<plans>__3d_lowres" beside "<trainer>__<plans>__3d_cascade_fullres".
fs::path previous_folder(const io::NnunetFolder& folder) {
  const std::string name = folder.path.filename().string();
  const std::string own = folder.configuration.name;
  const std::string& previous = folder.configuration.previous_stage;
  const bool named = name.size() > own.size() && name.compare(name.size() - own.size(), own.size(), own) == 0;
  fs::path beside =
      folder.path.parent_path() / (named ? name.substr(0, name.size() - own.size()) + previous : previous);
  std::error_code ignored;
  if (!fs::is_directory(beside, ignored)) {
    throw Error(ErrorCode::model, Reason::model,
                "is the second of a cascade and needs '" + previous + "' beside it: " + beside.string() +
                    " is not there",
                folder.path);
  }
  return beside;
}

constexpr int kMostInCascade = 4;

class Opener {
 public:
  Opener(const TaskOptions& options, const RunControl& control, NetworkSources* sources)
      : options_(options), control_(control), sources_(sources) {}

  // Networks are called by their path below `below`, or in the folder itself.
  TaskSpec task(const fs::path& path, const fs::path& below, int depth) {  // NOLINT(misc-no-recursion)
    const io::NnunetFolder folder = io::open_nnunet_folder(path);
    const bool cascaded = !folder.configuration.previous_stage.empty();
    const fs::path root = !below.empty() ? below : cascaded ? folder.path.parent_path() : folder.path;
    TaskSpec task;
    if (cascaded) task.previous = previous(folder, root, depth);
    task.name = folder.plans.dataset_name;
    task.images = static_cast<std::int64_t>(folder.dataset.channels.size());
    task.steps = steps_of_reader(folder);
    task.steps_of_reader = static_cast<std::int64_t>(task.steps.size());
    StageSpec stage = nnunet_stage(folder, root, kStep);
    if (options_.use_mirroring) stage.mirror = io::read_nnunet_fold(folder, 0, control_).mirroring_axes;
    task.stages = {std::move(stage)};
    task.labels = labels_of_dataset(folder.dataset);
    add_nnunet_sources(folder, root, sources_);
    return task;
  }

 private:
  Previous previous(const io::NnunetFolder& folder, const fs::path& root,
                    int depth) {  // NOLINT(misc-no-recursion)
    if (depth == kMostInCascade)
      throw Error(ErrorCode::model, Reason::model, "is one of a cascade that does not end", folder.path);
    Previous previous;
    previous.task = std::make_shared<const TaskSpec>(task(previous_folder(folder), root, depth + 1));
    std::set<std::int64_t> values;
    for (const io::NnunetLabel& label : folder.dataset.labels) {
      for (const int value : label.values) {
        if (value != 0) values.insert(value);
      }
    }
    previous.labels.assign(values.begin(), values.end());
    return previous;
  }

  const TaskOptions& options_;
  const RunControl& control_;
  NetworkSources* sources_;
};

}  // namespace

std::shared_ptr<const Task::State> open_nnunet_task(const fs::path& path, const TaskOptions& options,
                                                    const RunControl& control) {
  refuse_task_options(options, "a folder that nnU-Net has trained is run by nnU-Net's own rules",
                      {"use_mirroring", "save_probabilities"});
  auto state = std::make_shared<Task::State>();
  state->spec = Opener(options, control, &state->sources).task(path, {}, 1);
  state->spec.keeps_probabilities = !options.save_probabilities.empty();
  state->save_probabilities = options.save_probabilities;
  return state;
}

}  // namespace musclemap::task
