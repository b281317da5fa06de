// Tasks as files with their networks beside them.
#ifndef MUSCLEMAP_TASK_TASK_FILE_HPP_
#define MUSCLEMAP_TASK_TASK_FILE_HPP_

#include <filesystem>
#include <memory>

#include "task/task_state.hpp"

namespace musclemap::task {

/// Networks are files that ModelBundle::open() takes, TorchScript without a description too. `trust`:
/// LibTorch may run TorchScript that is registered nowhere. Errors name the file.
std::shared_ptr<const Task::State> open_task_file(const std::filesystem::path& file, bool trust = false);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_TASK_FILE_HPP_
