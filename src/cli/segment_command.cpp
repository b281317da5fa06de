// `mm_segment` and `musclemap segment`.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/bench_model.hpp"
#include "cli/commands.hpp"
#include "cli/help_sections.hpp"
#include "cli/option_flags.hpp"
#include "cli/segment_batch.hpp"
#include "cli/task_batch.hpp"
#include "task/segment_options.hpp"
#include "task/task_options.hpp"
#include "task/totalsegmentator/task_list.hpp"

namespace musclemap::cli {
namespace {

int run_task(SegmentArguments& arguments, Console* console) {
  if (!arguments.task.empty() && !arguments.model.empty())
    throw Error(ErrorCode::argument, "--task and -m both say what is run; one of them is allowed");
  TaskBatch batch;
  batch.task = arguments.task.empty() ? arguments.model : arguments.task;
  batch.options = arguments.task_options;
  batch.segment = segment_options(arguments);
  batch.control = arguments.control;
  batch.request.header_text = arguments.batch.files.header_text;
  // TotalSegmentator's networks see one image.
  if (!task::is_known_task(batch.task))
    arguments.batch.channels = Task::open(batch.task, batch.options, batch.control).images();
  std::vector<batch::OrganJob> jobs;
  for (const batch::Job& job : segment_jobs(&arguments))
    jobs.push_back(batch::organ_job_of(job, arguments.batch));
  batch::keep_probabilities(batch.options.save_probabilities, &jobs);
  return run_task_batch(batch, std::move(jobs), console);
}

int run_segment(SegmentArguments& arguments) {
  Console console(arguments.voice);
  if (!arguments.task.empty() || is_of_nnunet(arguments.model)) return run_task(arguments, &console);
  return run_segment_batch(arguments, segment_jobs(&arguments), &console, {});
}

}  // namespace

void add_segment_options(CLI::App& app, int& exit_status) {
  auto arguments = std::make_shared<SegmentArguments>();
  add_segment_flags(app, arguments.get());
  OptionFlags(app, &arguments->batch.files)
      .add("--qc", &SegmentFileOptions::picture)
      ->group("Input and output");
  app.option_defaults()->group("Task");
  app.add_option(
         "--task", arguments->task,
         "a task of TotalSegmentator (see totalsegmentator --list-tasks) or a task's file, in place of a "
         "model")
      ->option_text("NAME");
  OptionFlags of_task(app, &arguments->task_options);
  of_task.add("--fast", &TaskOptions::fast);
  of_task.add("--fastest", &TaskOptions::fastest);
  of_task.add("--roi_subset", &TaskOptions::roi_subset);
  of_task.add("--roi_subset_robust", &TaskOptions::roi_subset_robust);
  of_task.add("--robust_crop", &TaskOptions::robust_crop);
  of_task.add("--body_seg", &TaskOptions::body_seg);
  of_task.add("--force_split", &TaskOptions::force_split);
  of_task.add("--remove_small_blobs", &TaskOptions::remove_small_blobs);
  of_task.add("--resampling_order", &TaskOptions::resampling_order);
  of_task.add("--higher_order_resampling", &TaskOptions::higher_order_resampling);
  of_task.add("--higher_order_resampling_LEGACY", &TaskOptions::higher_order_resampling_LEGACY);
  of_task.add("--v1_order", &TaskOptions::v1_order);
  of_task.add("--model_size", &TaskOptions::model_size);
  of_task.add("--compat", &TaskOptions::compat);
  of_task.add("--use_mirroring", &TaskOptions::use_mirroring);
  of_task.add("--save_probabilities", &TaskOptions::save_probabilities);
  app.footer([] {
    return examples(
               {{"mm_segment -i scan.nii.gz -m model.pth",
                 "scan_dseg.nii.gz and its .json, beside the image"},
                {"mm_segment -i a.nii.gz -i b.nii.gz -r thigh -o out", "two images, a model by its name"},
                {"mm_segment -i scan.nii.gz -m model.pth --qc qc.png", "with a picture of the labels"}}) +
           regions_of_models() + exit_statuses() + environment_variables();
  });
  app.callback([arguments, &exit_status] { exit_status = run_segment(*arguments); });
}

}  // namespace musclemap::cli
