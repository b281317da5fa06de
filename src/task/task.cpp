#include "musclemap/task.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/text.hpp"
#include "musclemap/error.hpp"
#include "task/bundle_state.hpp"
#include "task/nnunet_task.hpp"
#include "task/task_file.hpp"
#include "task/task_json.hpp"
#include "task/task_options.hpp"
#include "task/task_state.hpp"
#include "task/totalsegmentator/known_tasks.hpp"
#include "task/totalsegmentator/totalsegmentator_task.hpp"
#include "task/weights_search.hpp"

namespace musclemap {
Task::Task(std::shared_ptr<const State> state) noexcept : state_(std::move(state)) {}

Task Task::open(const std::string& name_or_path) { return open(name_or_path, {}); }

Task Task::open(const std::string& name_or_path, const TaskOptions& options, const RunControl& control) {
  const std::filesystem::path path(name_or_path);
  if (base::ascii_lower(path.extension().string()) == ".json") {
    task::refuse_task_options(options, "a task's file says itself what is done");
    return Task(task::open_task_file(path));
  }
  std::error_code ignored;
  if (task::known_task(name_or_path) == nullptr && std::filesystem::is_directory(path, ignored))
    return Task(task::open_nnunet_task(path, options, control));
  return Task(task::open_totalsegmentator_task(name_or_path, options, task::weights_search_path()));
}

const std::string& Task::name() const noexcept { return state_->spec.name; }
const std::string& Task::version() const noexcept { return state_->spec.version; }
const std::vector<Label>& Task::labels() const noexcept { return state_->spec.labels; }
int Task::images() const noexcept { return static_cast<int>(state_->spec.images); }

std::vector<TaskNetwork> Task::networks() const {
  std::vector<TaskNetwork> networks;
  for (const task::NetworkRef& each : task::networks_of(state_->spec))
    networks.push_back({each.file, each.sha256});
  return networks;
}

task::ReadNetwork task::network_of(const ModelBundle& bundle) {
  return {{std::make_shared<ModelBundle>(bundle), &bundle.state().network}, bundle.sha256()};
}

std::string Task::json() const { return task::task_json(state_->spec).dump(2) + "\n"; }
std::string Task::sha256() const { return task::task_sha256(state_->spec); }

}  // namespace musclemap
