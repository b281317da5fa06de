// Tasks as JSON (docs/chains/tasks.md).
#ifndef MUSCLEMAP_TASK_TASK_JSON_HPP_
#define MUSCLEMAP_TASK_TASK_JSON_HPP_

#include <nlohmann/json.hpp>
#include <string>

#include "task/plan.hpp"
#include "task/task_spec.hpp"

namespace musclemap::task {

/// Every key is checked, and that the steps fit together. Error `format` reason `bad_json`, `labels` or
/// `limit`: names the field, the value seen and the values allowed.
TaskSpec read_task(const nlohmann::json& document);

/// Reads back as an equal task.
nlohmann::ordered_json task_json(const TaskSpec& task);

/// SHA-256, hex, of task_json() without white space.
std::string task_sha256(const TaskSpec& task);

/// Grids, windows and memory of a plan. `windows_at_once`: as many are counted.
nlohmann::ordered_json plan_json(const TaskSpec& task, const Plan& plan, std::int64_t windows_at_once);

/// Label table of tasks and sidecars.
nlohmann::ordered_json labels_json(const std::vector<Label>& labels);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_TASK_JSON_HPP_
