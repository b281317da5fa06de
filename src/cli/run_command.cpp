// `musclemap run`: from an image to its label map, its table and a picture, in one process.
#include <filesystem>
#include <memory>
#include <string>

#include "cli/arguments.hpp"
#include "cli/choices.hpp"
#include "cli/commands.hpp"
#include "cli/help_sections.hpp"
#include "cli/metrics_options.hpp"
#include "cli/missing_files.hpp"
#include "cli/program.hpp"
#include "cli/segment_batch.hpp"
#include "io/files/output_guard.hpp"
#include "io/nifti/nifti_paths.hpp"
#include "metrics/metrics_files.hpp"
#include "task/bundle_state.hpp"

namespace musclemap::cli {
namespace {

struct RunArguments {
  SegmentArguments segment;
  MetricsOptions metrics;
  std::string method = "kmeans";
  std::string fat;
  std::string water;
  std::string picture;
  bool no_picture = false;
};

// Two images of one batch cannot share a picture, or a fat and a water image.
void check_one_image(const RunArguments& arguments, const std::vector<SegmentJob>& jobs) {
  if (jobs.size() < 2) return;
  if (!arguments.picture.empty()) {
    throw Error(ErrorCode::argument,
                "--qc names one picture, but there are " + std::to_string(jobs.size()) + " images");
  }
  if (!arguments.fat.empty() || !arguments.water.empty()) {
    throw Error(ErrorCode::argument,
                "-f and -w belong to one image, but there are " + std::to_string(jobs.size()));
  }
}

MetricsRequest request_of(const RunArguments& arguments) {
  MetricsRequest request;
  request.method = metrics_method(arguments.method);
  arguments.metrics.apply(&request);
  if (!request.tissue.divide_bones) request.tissue.divide_bones = false;
  request.sidecar = !arguments.segment.no_sidecar;
  request.header_text = !arguments.segment.no_header_text;
  request.fat = arguments.fat;
  request.water = arguments.water;
  if (request.method == MetricsMethod::dixon && (request.fat.empty() || request.water.empty())) {
    throw Error(ErrorCode::argument, "the method dixon needs -f (fat image) and -w (water image)");
  }
  return request;
}

// That of the label map, which may lie elsewhere than the image that results are named after.
std::filesystem::path output_folder(const MetricsRequest& request) {
  const std::filesystem::path folder = request.labels.parent_path();
  const std::filesystem::path& image = request.image.empty() ? request.fat : request.image;
  return folder.empty() && image.has_parent_path() ? "." : folder;
}

int run_run(const RunArguments& arguments) {
  Console console(arguments.segment.voice);
  const std::vector<SegmentJob> jobs = segment_jobs(arguments.segment);
  check_one_image(arguments, jobs);
  const MetricsRequest common = request_of(arguments);
  if (!all_are_there({common.fat, common.water}, &console)) return kFailed;
  const auto request_for = [&](const SegmentJob& job, const ModelBundle& bundle) {
    MetricsRequest request = common;
    if (request.method != MetricsMethod::dixon) request.image = job.image;
    request.labels = job.labels;
    request.names = bundle.labels();
    request.names_file = bundle.state().opened;
    request.output_folder = output_folder(request);
    if (!arguments.no_picture) {
      request.picture = arguments.picture.empty()
                            ? job.labels.parent_path() / (image_stem(job.image) + "_qc.png")
                            : std::filesystem::path(arguments.picture);
    }
    return request;
  };
  BatchSteps steps;
  steps.before = [&](const SegmentJob& job, const ModelBundle& bundle) {
    const MetricsRequest request = request_for(job, bundle);
    io::OutputGuard guard;
    guard.reads(io::sidecar_path(job.labels), "JSON beside the label map");
    metrics::check_metrics_outputs(request, metrics::metrics_files(request), &guard);
  };
  steps.after = [&](const SegmentJob& job, const ModelBundle& bundle, const RunControl& control) {
    measure_files(request_for(job, bundle), control, &console);
  };
  return run_segment_batch(arguments.segment, jobs, &console, steps);
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("run", "image in, label map, table and picture out");
  auto arguments = std::make_shared<RunArguments>();
  arguments->metrics.components = 2;
  add_segment_flags(*command, &arguments->segment);
  command->option_defaults()->group("Measures");
  command->add_option("--method", arguments->method, "how the voxels under the labels are measured")
      ->option_text("NAME")
      ->transform(one_of({"kmeans", "gmm", "dixon", "average", "hu"}))
      ->capture_default_str();
  command->add_option("--components", arguments->metrics.components, "clusters of kmeans and gmm")
      ->option_text("2|3")
      ->transform(one_of({"2", "3"}))
      ->capture_default_str();
  command->add_option("-f,--fat_image", arguments->fat, "fat image (dixon)")->option_text("FILE");
  command->add_option("-w,--water_image", arguments->water, "water image (dixon)")->option_text("FILE");
  add_metrics_flags(*command, &arguments->metrics);
  command->option_defaults()->group("Input and output");
  command
      ->add_option("--qc", arguments->picture,
                   "picture to draw (default: <image>_qc.png beside the label map)")
      ->option_text("FILE");
  command->add_flag("--no-picture", arguments->no_picture, "draw none");
  command->footer([] {
    return examples({{"musclemap run -i scan.nii.gz -m model.pth", "label map, table, masks and picture"},
                     {"musclemap run -i ct.nii.gz -r abdomen --method hu", "muscle and fat of a CT"}}) +
           regions_of_models() + exit_statuses() + environment_variables();
  });
  command->callback([arguments, &exit_status] { exit_status = run_run(*arguments); });
}

}  // namespace musclemap::cli
