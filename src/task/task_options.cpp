#include "task/task_options.hpp"

#include <algorithm>

#include "musclemap/error.hpp"

namespace musclemap::task {

void refuse_task_options(const TaskOptions& options, const std::string& why,
                         const std::vector<std::string>& but) {
  base::check_options(options);
  const TaskOptions none;
  base::for_each_option<TaskOptions>([&](const auto& each) {
    if (options.*each.field == none.*each.field || std::find(but.begin(), but.end(), each.name) != but.end())
      return;
    throw Error(ErrorCode::argument,
                std::string("options.") + each.name + " belongs to TotalSegmentator's tasks; " + why);
  });
}

}  // namespace musclemap::task
