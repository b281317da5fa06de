// Images that a task segments one after the other: networks stay loaded, and a failed image does not end the
// rest.
#ifndef MUSCLEMAP_BATCH_ORGAN_BATCH_HPP_
#define MUSCLEMAP_BATCH_ORGAN_BATCH_HPP_

#include <filesystem>
#include <functional>
#include <vector>

#include "batch/organ_job.hpp"
#include "musclemap/error.hpp"
#include "musclemap/segmenter.hpp"
#include "musclemap/task.hpp"

namespace musclemap::batch {

/// What a program does for the batch and what it hears; each but `task` may be empty.
struct OrganSteps {
  /// Makes the task, once there is an image to segment.
  std::function<Task()> task;
  std::function<void(const Segmenter& segmenter)> loaded;
  /// The batch's control with what is to be heard while an image is worked on.
  std::function<RunControl(const OrganJob& job)> control_of;
  /// The image's files are there.
  std::function<void(const OrganJob& job, const std::vector<std::filesystem::path>& files)> written;
  std::function<void(const OrganJob& job, const Error& error)> failed;
  /// The last word about a job.
  std::function<void(const OrganJob& job)> finished;
};

/// Segments the jobs' images and writes their outcomes. An image that is not there fails before the others
/// cost hours. Errors of task and engine end the batch, as no image can be done without them.
/// @param control threads, limits and cancelling; once cancelled, jobs that were not begun are `cancelled`
void run_organ_batch(const OrganRequest& request, const TaskOptions& task_options,
                     const SegmentOptions& options, const RunControl& control, const OrganSteps& steps,
                     std::vector<OrganJob>* jobs);

}  // namespace musclemap::batch

#endif  // MUSCLEMAP_BATCH_ORGAN_BATCH_HPP_
