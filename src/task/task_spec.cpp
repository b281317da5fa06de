#include "task/task_spec.hpp"

namespace musclemap::task {
namespace {

template <class S>
bool is(const image::Step& step) {
  return std::holds_alternative<S>(step);
}

// Steps whose values or way back only a network that sees volumes has.
bool of_volumes(const image::Step& step) {
  return is<image::Transpose>(step) || is<image::CropNonzero>(step) || is<image::NormaliseNnunet>(step) ||
         is<image::ResampleCorner>(step);
}

bool resamples(const image::Step& step) {
  return std::visit([](const auto& each) { return std::string(each.kKind) == "resample"; }, step);
}

std::string at(const char* list, std::size_t number) {
  return std::string(list) + "[" + std::to_string(number) + "]";
}

}  // namespace

bool sums_in_half(const StageSpec& stage) { return stage.windows.sum == infer::Sum::f16; }

std::vector<NetworkRef> networks_of(const TaskSpec& task) {
  std::vector<NetworkRef> networks;
  const auto add = [&](const std::vector<NetworkRef>& more) {
    networks.insert(networks.end(), more.begin(), more.end());
  };
  if (task.rough) add(networks_of(*task.rough->task));
  if (task.previous) add(networks_of(*task.previous->task));
  if (task.beside) add(networks_of(*task.beside));
  for (const StageSpec& stage : task.stages) add(stage.networks);
  return networks;
}

std::int64_t TaskSpec::channels(const StageSpec& stage) const {
  const auto found = stage.to_label.empty() ? static_cast<std::int64_t>(labels.size())
                                            : static_cast<std::int64_t>(stage.to_label.size());
  return std::holds_alternative<Regions>(stage.decode) ? found : found + 1;
}

namespace {

// Of a stage whose network sees slices.
std::string why_not_slices(const TaskSpec& task) {
  if (task.images > 1) return "images: networks that see slices see one";
  if (task.rough) return "rough: it belongs to networks that see volumes";
  if (task.slabs != Slabs::never) return "slabs: they belong to networks that see volumes";
  if (task.stages.size() > 1) return "stages: one stage is supported where its network sees slices";
  for (std::size_t n = 0; n < task.steps.size(); ++n) {
    if (n > 0 || !is<image::Reorient>(task.steps[n]))
      return at("steps", n) + ": nothing but one reorient can be undone on labels";
  }
  const StageSpec& stage = task.stages[0];
  if (stage.networks.size() > 1) return "stages[0].networks: one is supported where it sees slices";
  if (!std::holds_alternative<ArgMax>(stage.decode)) return "stages[0].decode: \"arg_max\" is supported";
  if (!stage.to_label.empty()) return "stages[0].to_label: \"sorted_values\" is supported";
  if (!stage.mirror.empty()) return "stages[0].mirror: it belongs to networks that see volumes";
  const std::vector<image::Step>& steps = stage.steps;
  const char* list = "stages[0].steps";
  std::size_t resamplings = 0;
  for (std::size_t n = 0; n < steps.size(); ++n) {
    if (is<image::Reorient>(steps[n])) return at(list, n) + ": reorient is a step of the task";
    if (of_volumes(steps[n])) return at(list, n) + ": it belongs to networks that see volumes";
    if (is<image::CropAboveZero>(steps[n]) && (n == 0 || !is<image::NormaliseZ>(steps[n - 1])))
      return at(list, n) + ": a crop above zero comes behind a z_score";
    if (!resamples(steps[n])) continue;
    const auto* half_pixel = std::get_if<image::ResampleHalfPixel>(&steps[n]);
    if (half_pixel != nullptr && half_pixel->separate != image::SeparateAxis::never)
      return at(list, n) + ".separate_axis: \"never\" is supported where a network sees slices";
    if (++resamplings > 1) return at(list, n) + ": one resampling is supported";
    for (std::size_t before = 0; before < n; ++before) {
      if (is<image::CropAboveZero>(steps[before]))
        return at(list, n) + ": a resampling comes before the crop";
    }
    if (n + static_cast<std::size_t>(stage.scores_back) < steps.size())
      return "stages[0].scores_back: the resampling is undone on scores, so at least " +
             std::to_string(steps.size() - n) + " is needed";
  }
  return {};
}

// Of a stage with sums in half precision.
std::string why_not_volume(const TaskSpec& task, std::size_t number) {
  const StageSpec& stage = task.stages[number];
  const std::string own = at("stages", number);
  const std::string list = own + ".steps";
  if (!sums_in_half(stage)) return own + ": its sums are not in f16 as those of the other stages";
  const std::size_t on_labels = stage.steps.size() - static_cast<std::size_t>(stage.scores_back);
  for (std::size_t n = 0; n < stage.steps.size(); ++n) {
    const image::Step& step = stage.steps[n];
    const std::string here = at(list.c_str(), n);
    if (!of_volumes(step) && !is<image::ResampleHalfPixel>(step))
      return here + ": it does not belong to a network that sees volumes";
    if (is<image::ResampleCorner>(step)) return here + ": a corner_aligned resampling is a step of the task";
    if (is<image::ResampleHalfPixel>(step) && n < on_labels)
      return own + ".scores_back: the resampling is undone on scores, so at least " +
             std::to_string(stage.steps.size() - n) + " is needed";
    if ((is<image::Transpose>(step) || is<image::CropNonzero>(step)) && n >= on_labels)
      return own + ".scores_back: a crop and a transposition are undone on labels, so at most " +
             std::to_string(stage.steps.size() - n - 1) + " is allowed";
    if (const auto* normalise = std::get_if<image::NormaliseNnunet>(&step)) {
      if (static_cast<std::int64_t>(normalise->channels.size()) != task.images)
        return here + ".channels has " + std::to_string(normalise->channels.size()) +
               " entries; the task has " + std::to_string(task.images) + " images";
    }
  }
  return {};
}

}  // namespace

std::string why_not(const TaskSpec& task) {
  if (task.stages.empty()) return "stages: one at least is needed";
  if (!sums_in_half(task.stages[0])) return why_not_slices(task);
  if (task.each.chunk_slices > 0) return "each: chunks belong to networks that see slices";
  for (std::size_t n = 0; n < task.steps.size(); ++n) {
    if (is<image::Reorient>(task.steps[n]) && n == 0) continue;
    if (!is<image::ResampleCorner>(task.steps[n]))
      return at("steps", n) + ": one reorient and then corner_aligned resamplings are supported";
  }
  for (std::size_t n = 0; n < task.stages.size(); ++n) {
    std::string problem = why_not_volume(task, n);
    if (!problem.empty()) return problem;
  }
  if (task.previous && task.rough) return "previous: it does not go with a rough task";
  if (task.previous && task.previous->task->images != task.images)
    return "previous.task: it takes another number of images";
  if (task.previous && task.slabs != Slabs::never) return "slabs: a cascade is not cut";
  if (task.rough && task.rough->task->images != task.images)
    return "rough.task: it takes another number of images";
  return {};
}

}  // namespace musclemap::task
