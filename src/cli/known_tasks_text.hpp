// TotalSegmentator's tasks as text.
#ifndef MUSCLEMAP_CLI_KNOWN_TASKS_TEXT_HPP_
#define MUSCLEMAP_CLI_KNOWN_TASKS_TEXT_HPP_

#include <nlohmann/json.hpp>
#include <string>

namespace musclemap::cli {

/// A line for each task of task_list_json(), and where its weights were looked for.
std::string task_list_text(const nlohmann::ordered_json& list);

/// What known_task_json() says, with its classes.
std::string known_task_text(const nlohmann::ordered_json& task);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_KNOWN_TASKS_TEXT_HPP_
