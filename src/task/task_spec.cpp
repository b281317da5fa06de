#include "task/task_spec.hpp"

namespace musclemap::task {
namespace {

template <class S>
bool is(const image::Step& step) {
  return std::holds_alternative<S>(step);
}

bool resamples(const image::Step& step) {
  return std::visit([](const auto& each) { return std::string(each.kKind) == "resample"; }, step);
}

std::string at(const char* list, std::size_t number) {
  return std::string(list) + "[" + std::to_string(number) + "]";
}

}  // namespace

std::int64_t TaskSpec::channels(const StageSpec& stage) const {
  const auto found = stage.to_label.empty() ? static_cast<std::int64_t>(labels.size())
                                            : static_cast<std::int64_t>(stage.to_label.size());
  return std::holds_alternative<Regions>(stage.decode) ? found : found + 1;
}

std::string why_not(const TaskSpec& task) {
  for (std::size_t n = 0; n < task.steps.size(); ++n) {
    if (n > 0 || !is<image::Reorient>(task.steps[n]))
      return at("steps", n) + ": nothing but one reorient can be undone on labels";
  }
  const std::vector<image::Step>& steps = task.stages[0].steps;
  const char* list = "stages[0].steps";
  std::size_t resamplings = 0;
  for (std::size_t n = 0; n < steps.size(); ++n) {
    if (is<image::Reorient>(steps[n])) return at(list, n) + ": reorient is a step of the task";
    if (is<image::CropAboveZero>(steps[n]) && (n == 0 || !is<image::NormaliseZ>(steps[n - 1])))
      return at(list, n) + ": a crop above zero comes behind a z_score";
    if (!resamples(steps[n])) continue;
    if (++resamplings > 1) return at(list, n) + ": one resampling is supported";
    for (std::size_t before = 0; before < n; ++before) {
      if (is<image::CropAboveZero>(steps[before]))
        return at(list, n) + ": a resampling comes before the crop";
    }
    if (n + static_cast<std::size_t>(task.stages[0].scores_back) < steps.size())
      return "stages[0].scores_back: the resampling is undone on scores, so at least " +
             std::to_string(steps.size() - n) + " is needed";
  }
  return {};
}

}  // namespace musclemap::task
