// What TotalSegmentator does to labels (docs/chains/totalsegmentator.md, section 9), as rules of a task.
#ifndef MUSCLEMAP_TASK_TOTALSEGMENTATOR_TASK_POLISH_HPP_
#define MUSCLEMAP_TASK_TOTALSEGMENTATOR_TASK_POLISH_HPP_

#include <vector>

#include "task/task_spec.hpp"
#include "task/totalsegmentator/task_choice.hpp"

namespace musclemap::task {

/// In TotalSegmentator's order; the subset and the order of version 1 come last, but for the mask.
std::vector<Polish> polish_of(const TaskChoice& choice);

/// Those that a run may give, with the names of classes as anatomy.
std::vector<Label> labels_of_task(const TaskChoice& choice);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_TOTALSEGMENTATOR_TASK_POLISH_HPP_
