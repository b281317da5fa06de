// TotalSegmentator's tasks for who asks what there is; nothing is run.
#ifndef MUSCLEMAP_TASK_TOTALSEGMENTATOR_TASK_LIST_HPP_
#define MUSCLEMAP_TASK_TOTALSEGMENTATOR_TASK_LIST_HPP_

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "musclemap/task.hpp"

namespace musclemap::task {

/// {"version", "citation", "looked_in": [folder], "tasks": [known_task_json()]}.
nlohmann::ordered_json task_list_json(const std::vector<std::filesystem::path>& roots);

/// {"name", "version", "image": "CT" or "MR", "licence", "classes": {"1": name}, "variants": [{"name",
/// "spacing_mm": [x, y, z] or null, "step", "networks": [{"folder", "part", "found": path or null}],
/// "there"}], "crop": {"task", "classes", "margin_mm"} or null, "dropped": [name], "missing": one line about
/// what is not there, or null}. "there": all networks of the variant are, with those of rough tasks. Error
/// `argument` for a name that is no task's.
nlohmann::ordered_json known_task_json(const std::string& name,
                                       const std::vector<std::filesystem::path>& roots);

/// Whether there is a task of that name.
bool is_known_task(const std::string& name);

/// Options of the task that change nothing, a line each; none for a name that is no task's. Errors `argument`
/// as those of Task::open().
std::vector<std::string> options_without_effect(const std::string& name, const TaskOptions& options);

/// Names of all tasks, in TotalSegmentator's order.
std::vector<std::string> known_task_names();

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_TOTALSEGMENTATOR_TASK_LIST_HPP_
