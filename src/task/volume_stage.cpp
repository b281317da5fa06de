#include "task/volume_stage.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "base/progress.hpp"
#include "decode/half_classes.hpp"
#include "decode/half_probabilities.hpp"
#include "image/joined_field.hpp"
#include "image/labels_back.hpp"
#include "infer/volume_scores.hpp"
#include "task/measured_chain.hpp"
#include "task/plan.hpp"
#include "task/previous_labels.hpp"
#include "task/seconds.hpp"

namespace musclemap::task {
namespace {

// A window of a volume fills a GPU; two lie side by side while one is summed.
constexpr std::int64_t kWindowsOnDevice = 2;

// Label value of every class that a stage's scores are decoded to; class 0 is the background.
std::vector<std::int16_t> label_of_class(const TaskSpec& task, const StageSpec& stage) {
  std::vector<std::int16_t> table{0};
  if (stage.to_label.empty()) {
    for (const Label& label : task.labels) table.push_back(static_cast<std::int16_t>(label.value));
  }
  for (const std::int64_t value : stage.to_label) table.push_back(static_cast<std::int16_t>(value));
  return table;
}

// Of the resampling on the way to the network's grid; -1: none.
int separate_axis_of(const StageSpec& stage, const image::Grid& from, const StagePlan& plan) {
  const auto* step =
      stage.steps.empty() ? nullptr : std::get_if<image::ResampleHalfPixel>(&stage.steps.back());
  if (step == nullptr) return -1;
  const std::size_t before = stage.steps.size() - 1;
  return image::separate_axis_there(*step, before == 0 ? from : plan.grids[before - 1]);
}

using ScoreSlices = std::function<void(std::int64_t z, const image::HalfSlice& scores)>;

// Makes classes of scores, by their probabilities where those are wanted.
ScoreSlices decoder(const decode::HalfDecoding& decoding, const decode::PlaneSink& classes,
                    StageProbabilities* probabilities) {
  if (probabilities == nullptr) {
    const std::shared_ptr<decode::HalfClasses> made = decode::make_half_classes(decoding, classes);
    return [made](std::int64_t z, const image::HalfSlice& scores) { made->take(z, scores); };
  }
  const auto made = std::make_shared<decode::HalfProbabilities>(
      decoding, [classes, probabilities](std::int64_t z, const std::vector<float>& found,
                                         const std::vector<std::uint16_t>& plane) {
        probabilities->take(z, found);
        classes(z, plane);
      });
  return [made](std::int64_t z, const image::HalfSlice& scores) { made->take(z, scores); };
}

// Whether the one network's device has found the classes: where they are those of the highest scores, on the
// grid of the scores.
bool found_on_device(const StageSpec& stage, image::Field& field, const infer::VolumeWindows& plan,
                     const std::vector<infer::Engine*>& folds, const decode::HalfDecoding& decoding,
                     const infer::VolumeScoreOptions& options, const RunSettings& settings,
                     const decode::PlaneSink& classes, const StageProbabilities* probabilities) {
  const bool highest = !decoding.back && decoding.regions.empty() && probabilities == nullptr;
  if (!highest || folds.size() != 1 || !stage.mirror.empty()) return false;
  infer::DeviceVolumeOptions on_device;
  on_device.channels = options.channels;
  on_device.classes = options.classes;
  on_device.windows_at_once = std::min(settings.windows_at_once, kWindowsOnDevice);
  on_device.before_window = options.before_window;
  return folds[0]->find_volume_classes(field, plan, on_device, classes);
}

}  // namespace

void run_volume_stage(const TaskSpec& task, const StageSpec& stage, image::Field& field,
                      const image::Grid& from, Networks& networks, const RunSettings& settings,
                      const RunControl& control, TaskReport* report, const LabelSlices& found,
                      StageProbabilities* probabilities, const Volume* previous) {
  const base::Steps steps(control, {base::stage_weight(Stage::prepare), base::stage_weight(Stage::infer)});
  const RunControl before = steps.step(0);
  const base::Steps preparing(before, {static_cast<double>(stage.networks.size()), 1});
  const Clock::time_point start = Clock::now();
  const std::vector<infer::Engine*> folds = networks.open(stage.networks, preparing.step(0));
  MeasuredChain chain(
      stage.steps, field, from, false, settings.threads, [] {}, preparing.step(1));
  const StagePlan plan = plan_stage(stage, from, chain.measured());
  std::optional<PreviousLabels> of_previous;
  std::vector<image::Field*> channels{&chain.top()};
  if (previous != nullptr) {
    of_previous.emplace(*previous, task.previous->labels, field, plan, separate_axis_of(stage, from, plan),
                        settings.threads);
    channels.push_back(&*of_previous);
  }
  image::JoinedField seen(channels);
  report->prepare_seconds += seconds_since(start);

  const Clock::time_point infer_start = Clock::now();
  const RunControl inferring = steps.step(1);
  const Index3& decoded = plan.half_back.to;
  const auto plane = static_cast<std::size_t>(decoded[0] * decoded[1]);
  std::vector<std::int16_t> labels(plane * static_cast<std::size_t>(decoded[2]));
  const std::vector<std::int16_t> table = label_of_class(task, stage);
  decode::HalfDecoding decoding = half_decoding(task, stage, plan);
  decoding.threads = settings.threads;
  const decode::PlaneSink take_classes = [&](std::int64_t z, const std::vector<std::uint16_t>& of_slice) {
    std::int16_t* to = labels.data() + static_cast<std::size_t>(z) * plane;
    for (std::size_t n = 0; n < plane; ++n) to[n] = table[of_slice[n]];
  };
  if (probabilities != nullptr) probabilities->begin(plan);
  const ScoreSlices decode_scores = decoder(decoding, take_classes, probabilities);
  infer::VolumeScoreOptions options;
  options.channels = seen.channels();
  options.classes = decoding.classes;
  options.mirror_axes = stage.mirror;
  options.threads = settings.threads;
  std::int64_t windows = 0;
  options.before_window = [&](std::int64_t n, std::int64_t count) {
    base::report(inferring, Stage::infer, n, count);
    windows = count;
  };
  if (!found_on_device(stage, seen, plan.volume, folds, decoding, options, settings, take_classes,
                       probabilities)) {
    infer::volume_scores(seen, plan.volume, folds, options, decode_scores);
  }
  for (infer::Engine* fold : folds) fold->rest();
  report->windows += windows;
  report->infer_seconds += seconds_since(infer_start);

  const Index3 target = plan.labels_back.target();
  std::vector<std::int16_t> slice(static_cast<std::size_t>(target[0] * target[1]));
  for (std::int64_t z = 0; z < target[2]; ++z) {
    image::take_back(plan.labels_back, labels.data(), decoded, z, slice.data());
    found(z, slice);
  }
  base::report(inferring, Stage::infer, windows, windows);
}

}  // namespace musclemap::task
