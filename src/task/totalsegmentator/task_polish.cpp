#include "task/totalsegmentator/task_polish.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "image/polish/components.hpp"
#include "image/polish/grow.hpp"
#include "image/polish/keep_within.hpp"
#include "image/polish/relabel.hpp"
#include "task/totalsegmentator/organ_labels.hpp"

namespace musclemap::task {
namespace {

image::LabelNumbers numbers_of(const KnownTask& task, const std::vector<std::string>& classes) {
  image::LabelNumbers numbers;
  for (const std::string& name : classes) numbers.push_back(task.value_of(name));
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

// On the task's grid.
void add_rules_at_task(const KnownPolish& known, const KnownTask& task, std::vector<Polish>* rules) {
  if (known.op == "keep_largest_blob") {
    rules->emplace_back(image::KeepLargestOf{image::At::task, numbers_of(task, known.classes)});
  } else if (known.op == "remove_small_blobs") {
    rules->emplace_back(image::DropSmall{image::At::task, numbers_of(task, known.classes), known.min_mm3});
  } else if (known.op == "vertebrae_pp") {
    rules->emplace_back(image::SeparateVertebrae{task.value_of("vertebrae_C1"), task.value_of("vertebrae_L5"),
                                                 known.min_mm3});
    rules->emplace_back(image::DilateLabels{image::At::task, known.dilate_mm});
  }
}

// Label n of the task becomes that of version 1; of a subset alone.
image::Relabel to_v1(const TaskChoice& choice) {
  image::Relabel relabel;
  relabel.to.push_back(0);
  for (const std::string& name : choice.task->classes) {
    const auto found = std::find(v1_order().begin(), v1_order().end(), name);
    const bool kept = choice.subset.empty() ||
                      std::find(choice.subset.begin(), choice.subset.end(), name) != choice.subset.end();
    relabel.to.push_back(found == v1_order().end() || !kept ? 0 : found - v1_order().begin() + 1);
  }
  return relabel;
}

}  // namespace

std::vector<Polish> polish_of(const TaskChoice& choice) {
  const KnownTask& task = *choice.task;
  std::vector<Polish> rules;
  for (const KnownPolish& each : choice.polish) add_rules_at_task(each, task, &rules);
  if (choice.small_blobs_mm3 > 0)
    rules.emplace_back(image::DropSmall{image::At::task, {}, choice.small_blobs_mm3});
  for (const KnownPolish& each : choice.polish) {
    if (each.op != "refine_with_task") continue;
    rules.emplace_back(image::DilateLabels{image::At::image, each.dilate_mm});
    rules.emplace_back(image::KeepWithin{numbers_of(*choice.beside->task, each.classes), 0});
  }
  if (choice.v1_order) {
    rules.emplace_back(to_v1(choice));
  } else if (!choice.subset.empty()) {
    rules.emplace_back(image::KeepOnly{image::At::image, numbers_of(task, choice.subset)});
  }
  for (const KnownPolish& each : choice.polish) {
    if (each.op != "remove_outside") continue;
    rules.emplace_back(
        image::KeepWithin{numbers_of(*choice.rough->task->task, each.classes), each.dilate_mm});
  }
  return rules;
}

std::vector<Label> labels_of_task(const TaskChoice& choice) {
  const std::vector<std::string>& names = choice.v1_order ? v1_order() : choice.task->classes;
  std::vector<Label> labels;
  for (std::size_t n = 0; n < names.size(); ++n) {
    if (!choice.subset.empty() &&
        std::find(choice.subset.begin(), choice.subset.end(), names[n]) == choice.subset.end())
      continue;
    labels.push_back(organ_label(static_cast<std::int32_t>(n) + 1, names[n]));
  }
  return labels;
}

}  // namespace musclemap::task
