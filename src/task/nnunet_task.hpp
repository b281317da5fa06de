// A network of the user's own that nnU-Net has trained, as a task with nnU-Net's own rules.
#ifndef MUSCLEMAP_TASK_NNUNET_TASK_HPP_
#define MUSCLEMAP_TASK_NNUNET_TASK_HPP_

#include <filesystem>
#include <memory>

#include "musclemap/run.hpp"
#include "musclemap/task.hpp"
#include "task/task_state.hpp"

namespace musclemap::task {

/// The images' axes are those of the reader that the plans name, as they are stored or turned to RAS+; values
/// are as they are read; windows lie half a window apart; the labels are those of dataset.json. Plans are
/// checked, weights are not read, except that with TaskOptions::use_mirroring the first fold says which axes
/// it was trained with.
/// @param path the folder of a configuration, or the folder of a data set with but one
/// Errors: those of io::open_nnunet_folder() and nnunet_stage(); `argument` for options that are
/// TotalSegmentator's own, `format` for a reader of files other than NIfTI.
std::shared_ptr<const Task::State> open_nnunet_task(const std::filesystem::path& path,
                                                    const TaskOptions& options,
                                                    const RunControl& control = {});

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_NNUNET_TASK_HPP_
