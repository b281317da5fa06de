// Runs tasks whose networks see volumes (docs/chains/totalsegmentator.md, section 1).
#ifndef MUSCLEMAP_TASK_VOLUME_TASK_HPP_
#define MUSCLEMAP_TASK_VOLUME_TASK_HPP_

#include <vector>

#include "task/networks.hpp"
#include "task/plan.hpp"
#include "task/run_task.hpp"

namespace musclemap::task {

/// Label values of the images' voxels (task.images of them, on one grid), of type class_dtype(). `plan` is
/// bound() for them. `grid`, where given, gets image and labels on the task's grid, `probabilities`
/// those of the task's own stages. Holds the image on the task's grid in single precision, labels there and
/// on the stored grid, and what a stage holds. Reports Stage::prepare, infer and filter.
Volume run_volume_task(const TaskSpec& task, const Plan& plan, Networks& networks,
                       const RunSettings& settings, const std::vector<SlabReader*>& images,
                       const RunControl& control, TaskReport* report, TaskGrid* grid,
                       const ProbabilitySink& probabilities = {});

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_VOLUME_TASK_HPP_
