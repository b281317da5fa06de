// TotalSegmentator's tasks as tasks of this library.
#ifndef MUSCLEMAP_TASK_TOTALSEGMENTATOR_TOTALSEGMENTATOR_TASK_HPP_
#define MUSCLEMAP_TASK_TOTALSEGMENTATOR_TOTALSEGMENTATOR_TASK_HPP_

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "musclemap/task.hpp"
#include "task/task_state.hpp"

namespace musclemap::task {

/// The task with its rough tasks; networks are called by their path below a folder of results. Plans are
/// read and checked, weights are not. Errors: those of choose_task(); `model` with missing_weights(); those
/// of io::open_nnunet_folder() and nnunet_stage().
/// @param roots folders of results; the first that has a network counts
std::shared_ptr<const Task::State> open_totalsegmentator_task(
    const std::string& name, const TaskOptions& options, const std::vector<std::filesystem::path>& roots);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_TOTALSEGMENTATOR_TOTALSEGMENTATOR_TASK_HPP_
