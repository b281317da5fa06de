// Runs tasks whose network sees slices (docs/chains/musclemap.md).
#ifndef MUSCLEMAP_TASK_SLICE_TASK_HPP_
#define MUSCLEMAP_TASK_SLICE_TASK_HPP_

#include "task/run_task.hpp"

namespace musclemap::task {

/// Class indices of the image's voxels, of type class_dtype(): field by field up the steps, slice by slice
/// back. Nothing of the volume's size is held but the result, and the image where the plan says so. Reports
/// Stage::prepare, infer and filter.
Volume run_slice_task(const TaskSpec& task, const Plan& plan, infer::Engine& engine,
                      const RunSettings& settings, SlabReader& image, const RunControl& control,
                      TaskReport* report);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_SLICE_TASK_HPP_
