#include "task/totalsegmentator/organ_labels.hpp"

#include "task/totalsegmentator/known_tasks.hpp"
#include "task/totalsegmentator/organ_codes.hpp"

namespace musclemap::task {

Label organ_label(std::int32_t value, const std::string& name) {
  Label label;
  label.value = value;
  label.anatomy = name;
  if (const OrganCode* code = organ_code(name)) label.snomed = code->type.code;
  return label;
}

std::vector<Label> labels_of_known_task(const std::string& name) {
  std::vector<Label> labels;
  for (const std::string& each : known_task(name)->classes)
    labels.push_back(organ_label(static_cast<std::int32_t>(labels.size()) + 1, each));
  return labels;
}

}  // namespace musclemap::task
