// What a run of a plan holds at its peak.
#ifndef MUSCLEMAP_TASK_PLAN_MEMORY_HPP_
#define MUSCLEMAP_TASK_PLAN_MEMORY_HPP_

#include "task/plan.hpp"

namespace musclemap::task {

/// Fills the plan's figures; its grids and stages are laid out. `image`: the shape of the whole image.
void add_memory(const TaskSpec& task, const Index3& image, const Machine& machine, Plan* plan);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_PLAN_MEMORY_HPP_
