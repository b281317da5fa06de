#include "cli/task_batch.hpp"

#include <algorithm>
#include <cstdlib>

#include "cli/interrupt.hpp"
#include "cli/program.hpp"
#include "task/segment_options.hpp"
#include "task/totalsegmentator/task_list.hpp"

namespace musclemap::cli {
namespace {

using batch::OrganJob;

// What is heard of a batch. All that is named must outlive the steps.
batch::OrganSteps told_steps(const TaskBatch& batch, const RunControl& control, Console& console) {
  batch::OrganSteps steps;
  steps.task = [&] {
    Task task = Task::open(batch.task, batch.options, control);
    for (const std::string& line : task::options_without_effect(batch.task, batch.options)) console.say(line);
    return task;
  };
  steps.loaded = [&](const Segmenter& segmenter) {
    const SegmentReport& report = segmenter.report();
    console.say("task " + segmenter.task().name() + ", " + report.engine + " on " + report.device);
  };
  steps.control_of = [&](const OrganJob& job) {
    RunControl own = control;
    own.on_progress = [&](const Progress& progress) { console.progress(job.image.string(), progress); };
    own.on_warning = [&](const Warning& warning) { console.warn(job.image.string(), warning); };
    return own;
  };
  steps.written = [&](const OrganJob& /*job*/, const std::vector<std::filesystem::path>& files) {
    console.end_progress();
    for (const std::filesystem::path& file : files) console.result(file.string());
  };
  steps.failed = [&](const OrganJob& /*job*/, const Error& error) { console.fail(error); };
  steps.finished = [&](const OrganJob& job) {
    nlohmann::ordered_json object{{"image", job.image.string()}};
    const std::filesystem::path& labels = job.label_map.empty() ? job.class_folder : job.label_map;
    if (!labels.empty()) object["labels"] = labels.string();
    if (!job.statistics.empty()) object["statistics"] = job.statistics.string();
    object["task"] = batch.task;
    object["outcome"] = base::word_of(job.outcome);
    console.object(object);
  };
  return steps;
}

int summarise(const std::vector<OrganJob>& jobs, const RunControl& control, Console& console) {
  if (jobs.size() > 1) {
    for (const OrganJob& job : jobs)
      console.say(std::string(base::word_of(job.outcome)) + ": " + job.image.string());
  }
  if (control.cancel.cancelled()) return interrupted_status();
  return std::any_of(jobs.begin(), jobs.end(), [](const OrganJob& job) { return job.failed(); }) ? kFailed
                                                                                                 : kDone;
}

}  // namespace

int run_task_batch(const TaskBatch& batch, std::vector<OrganJob> jobs, Console* console) {
  // As for a batch of models: on a busy machine threads that spin at LibTorch's barriers hinder each other.
  setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);
  RunControl control = batch.control;
  control.cancel = interrupt_token();
  batch::run_organ_batch(batch.request, batch.options, batch.segment, control,
                         told_steps(batch, control, *console), &jobs);
  return summarise(jobs, control, *console);
}

}  // namespace musclemap::cli
