#include "musclemap/task.hpp"

#include <utility>

#include "base/text.hpp"
#include "musclemap/error.hpp"
#include "task/task_file.hpp"
#include "task/task_json.hpp"
#include "task/task_state.hpp"

namespace musclemap {
namespace {

void add_networks(const task::TaskSpec& task, std::vector<TaskNetwork>* networks) {
  if (task.rough) add_networks(*task.rough->task, networks);
  for (const task::StageSpec& stage : task.stages) {
    for (const task::NetworkRef& each : stage.networks) networks->push_back({each.file, each.sha256});
  }
}

}  // namespace

Task::Task(std::shared_ptr<const State> state) noexcept : state_(std::move(state)) {}

Task Task::open(const std::string& name_or_path) {
  const std::filesystem::path path(name_or_path);
  if (base::ascii_lower(path.extension().string()) == ".json") return Task(task::open_task_file(path));
  throw Error(ErrorCode::argument, "'" + base::printable(name_or_path, 120) + "' is no task");
}

const std::string& Task::name() const noexcept { return state_->spec.name; }
const std::string& Task::version() const noexcept { return state_->spec.version; }
const std::vector<Label>& Task::labels() const noexcept { return state_->spec.labels; }
int Task::images() const noexcept { return static_cast<int>(state_->spec.images); }

std::vector<TaskNetwork> Task::networks() const {
  std::vector<TaskNetwork> networks;
  add_networks(state_->spec, &networks);
  return networks;
}

std::string Task::json() const { return task::task_json(state_->spec).dump(2) + "\n"; }
std::string Task::sha256() const { return task::task_sha256(state_->spec); }

}  // namespace musclemap
