// Images that a task segments one after the other, as `totalsegmentator` and `segment --task` do.
#ifndef MUSCLEMAP_CLI_TASK_BATCH_HPP_
#define MUSCLEMAP_CLI_TASK_BATCH_HPP_

#include <string>
#include <vector>

#include "batch/organ_batch.hpp"
#include "cli/console.hpp"
#include "musclemap/musclemap.hpp"

namespace musclemap::cli {

struct TaskBatch {
  std::string task;  ///< as Task::open() takes it
  TaskOptions options;
  SegmentOptions segment;
  RunControl control;
  batch::OrganRequest request;
};

/// batch::run_organ_batch() with the console told. Returns the exit status.
int run_task_batch(const TaskBatch& batch, std::vector<batch::OrganJob> jobs, Console* console);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_TASK_BATCH_HPP_
