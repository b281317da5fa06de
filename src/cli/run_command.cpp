// `musclemap run`: from an image to its label map, its table and a picture, in one process.
#include <filesystem>
#include <memory>
#include <string>

#include "batch/measured_job.hpp"
#include "cli/commands.hpp"
#include "cli/help_sections.hpp"
#include "cli/metrics_options.hpp"
#include "cli/missing_files.hpp"
#include "cli/option_flags.hpp"
#include "cli/program.hpp"
#include "cli/segment_batch.hpp"
#include "metrics/metrics_options.hpp"

namespace musclemap::cli {
namespace {

using batch::Job;

struct RunArguments {
  SegmentArguments segment;
  MetricsRequest metrics;  ///< without what belongs to each image
  bool no_picture = false;
};

// Two images of one batch cannot share a picture, or a fat and a water image.
void check_one_image(const RunArguments& arguments, const std::vector<Job>& jobs) {
  if (jobs.size() < 2) return;
  if (!arguments.metrics.picture.empty()) {
    throw Error(ErrorCode::argument,
                "--qc names one picture, but there are " + std::to_string(jobs.size()) + " images");
  }
  if (!arguments.metrics.fat.empty() || !arguments.metrics.water.empty()) {
    throw Error(ErrorCode::argument,
                "-f and -w belong to one image, but there are " + std::to_string(jobs.size()));
  }
}

void check_needs(const MetricsRequest& request) {
  if (metrics::missing_input(request).empty()) return;
  throw Error(ErrorCode::argument, "the method dixon needs -f (fat image) and -w (water image)");
}

int run_run(RunArguments& arguments) {
  Console console(arguments.segment.voice);
  const std::vector<Job> jobs = segment_jobs(&arguments.segment);
  check_one_image(arguments, jobs);
  MetricsRequest common = arguments.metrics;
  if (!common.tissue.divide_bones) common.tissue.divide_bones = false;
  common.sidecar = arguments.segment.batch.files.sidecar;
  common.header_text = arguments.segment.batch.files.header_text;
  check_needs(batch::measured(common, jobs.front()));
  if (!all_are_there({common.fat, common.water}, &console)) return kFailed;
  const auto request_for = [&](const Job& job, const ModelBundle& bundle) {
    MetricsRequest request = batch::measured(common, job, bundle);
    if (arguments.no_picture) request.picture.clear();
    if (!arguments.no_picture && request.picture.empty()) request.picture = batch::picture_of(job);
    return request;
  };
  ImageSteps steps;
  steps.before = [&](const Job& job, const ModelBundle& bundle) {
    batch::check_results(request_for(job, bundle));
  };
  steps.after = [&](const Job& job, const ModelBundle& bundle, const RunControl& control) {
    measure_files(request_for(job, bundle), control, &console);
  };
  return run_segment_batch(arguments.segment, jobs, &console, steps);
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("run", "image in, label map, table and picture out");
  auto arguments = std::make_shared<RunArguments>();
  arguments->metrics.method = MetricsMethod::kmeans;
  add_segment_flags(*command, &arguments->segment);
  OptionFlags flags(*command, &arguments->metrics);
  command->option_defaults()->group("Measures");
  flags.add("--method", &MetricsRequest::method)->option_text("NAME");
  add_components(*command, "--components", &arguments->metrics)->capture_default_str();
  add_dixon_images(*command, &arguments->metrics);
  add_metrics_flags(*command, &arguments->metrics);
  command->option_defaults()->group("Input and output");
  flags.add("--qc", &MetricsRequest::picture,
            "picture to draw (default: <image>_qc.png beside the label map)");
  command->add_flag("--no-picture", arguments->no_picture, "draw none");
  command->footer([] {
    return examples({{"musclemap run -i scan.nii.gz -m model.pth", "label map, table, masks and picture"},
                     {"musclemap run -i ct.nii.gz -r abdomen --method hu", "muscle and fat of a CT"}}) +
           regions_of_models() + exit_statuses() + environment_variables();
  });
  command->callback([arguments, &exit_status] { exit_status = run_run(*arguments); });
}

}  // namespace musclemap::cli
