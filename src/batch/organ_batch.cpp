#include "batch/organ_batch.hpp"

#include <algorithm>
#include <optional>

#include "batch/attempt.hpp"
#include "batch/organ_files.hpp"
#include "io/files/input_file.hpp"

namespace musclemap::batch {

void run_organ_batch(const OrganRequest& request, const TaskOptions& task_options,
                     const SegmentOptions& options, const RunControl& control, const OrganSteps& steps,
                     std::vector<OrganJob>* jobs) {
  const auto finish = [&](const OrganJob& job) {
    if (steps.finished) steps.finished(job);
  };
  const auto waits = [](const OrganJob& job) { return job.outcome == Outcome::waiting; };
  for (OrganJob& job : *jobs) {
    if (waits(job)) attempt(job, steps.failed, [&] { io::check_is_there(job.image); });
  }
  if (std::none_of(jobs->begin(), jobs->end(), waits)) {
    std::for_each(jobs->begin(), jobs->end(), finish);
    return;
  }
  const Task task = steps.task();
  std::optional<Segmenter> segmenter;
  const auto begin = [&](const OrganJob& job) {
    if (control.cancel.cancelled()) throw Error(ErrorCode::cancelled, "not begun");
    check_organ_files(job, task, task_options);
  };
  const auto load = [&] {
    segmenter.emplace(task, options, control);
    if (steps.loaded) steps.loaded(*segmenter);
  };
  const auto segment = [&](OrganJob& job) {
    const RunControl own = steps.control_of ? steps.control_of(job) : control;
    const std::vector<std::filesystem::path> files =
        write_organ_files(*segmenter, job, request, task_options, own);
    job.outcome = Outcome::done;
    if (steps.written) steps.written(job, files);
  };
  for (OrganJob& job : *jobs) {
    if (waits(job)) attempt(job, steps.failed, [&] { begin(job); });
    if (waits(job) && !segmenter) load();  // for the first image that can be read
    if (waits(job)) attempt(job, steps.failed, [&] { segment(job); });
    finish(job);
  }
}

}  // namespace musclemap::batch
