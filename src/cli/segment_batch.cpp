#include "cli/segment_batch.hpp"

#include <algorithm>
#include <cstdlib>
#include <iomanip>
#include <sstream>

#include "base/text.hpp"
#include "cli/arguments.hpp"
#include "cli/choices.hpp"
#include "cli/interrupt.hpp"
#include "cli/option_flags.hpp"
#include "cli/program.hpp"
#include "cli/run_flags.hpp"
#include "task/model_options.hpp"
#include "task/segment_options.hpp"

namespace musclemap::cli {
namespace {

using batch::Job;

std::int64_t parse_chunk(const std::string& text) {
  if (text == "auto") return 0;
  const bool digits =
      !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
  const std::int64_t slices = digits ? std::stoll(text) : 0;
  if (slices < 1)
    throw Error(ErrorCode::argument, "-c '" + text + "' is neither a positive number of slices nor auto");
  return slices;
}

double overlap_of(double percent) {
  if (percent >= 0 && percent < 100) return percent / 100;
  throw Error(ErrorCode::argument,
              "-s " + base::number_text(percent) + " is not an overlap in percent, 0 to below 100");
}

std::string seconds_text(double seconds) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << seconds << " s";
  return text.str();
}

ModelBundle open_model(const SegmentArguments& arguments, RunControl control, Console& console) {
  const std::filesystem::path model = arguments.model.empty()
                                          ? find_model(arguments.region, arguments.model_version)
                                          : std::filesystem::path(arguments.model);
  control.on_progress = [&](const Progress& progress) { console.progress(model.string(), progress); };
  return ModelBundle::open(model, arguments.open, control);
}

void tell_loaded(const Segmenter& segmenter, Console& console) {
  const SegmentReport& report = segmenter.report();
  const ModelBundle& bundle = segmenter.bundle();
  const auto because = [](const std::string& reason) { return reason.empty() ? "" : " (" + reason + ")"; };
  console.say("model " + bundle.name() + " " + bundle.version() + ", " + report.engine +
              because(report.engine_reason) + " on " + report.device + because(report.device_reason));
  if (segmenter.options().precision == Precision::fast && report.precision == Precision::exact)
    console.say("--precision fast: no faster kernels here, so exact");
}

// What the console hears of a batch. All that is named must outlive the steps.
batch::BatchSteps told_steps(const SegmentArguments& arguments, const RunControl& control, Console& console) {
  batch::BatchSteps steps;
  steps.model = [&] { return open_model(arguments, control, console); };
  steps.loaded = [&](const Segmenter& segmenter) { tell_loaded(segmenter, console); };
  steps.control_of = [&](const Job& job) {
    RunControl own = control;
    own.on_progress = [&](const Progress& progress) { console.progress(job.image.string(), progress); };
    own.on_warning = [&](const Warning& warning) { console.warn(job.image.string(), warning); };
    return own;
  };
  steps.skipped = [&](const Job& job) {
    console.say(job.image.string() + ": skipped, as there is " + job.labels.string());
  };
  steps.segmented = [&](const Job& job, const SegmentReport& report) {
    console.say(job.image.filename().string() + ": " + std::to_string(report.windows) + " windows, prepare " +
                seconds_text(report.prepare_seconds) + ", infer " + seconds_text(report.infer_seconds) +
                ", filter " + seconds_text(report.filter_seconds));
  };
  steps.labelled = [&](const Job& job) { console.result(job.labels.string()); };
  steps.failed = [&](const Job& /*job*/, const Error& error) { console.fail(error); };
  steps.finished = [&](const Job& job) {
    console.object({{"image", job.image.string()},
                    {"labels", job.labels.string()},
                    {"outcome", base::word_of(job.outcome)}});
  };
  return steps;
}

int summarise(const std::vector<Job>& jobs, const RunControl& control, Console& console) {
  if (jobs.size() > 1) {
    for (const Job& job : jobs)
      console.say(std::string(base::word_of(job.outcome)) + ": " + job.image.string());
  }
  if (control.cancel.cancelled()) return interrupted_status();
  return std::any_of(jobs.begin(), jobs.end(), [](const Job& job) { return job.failed(); }) ? kFailed : kDone;
}

}  // namespace

SegmentOptions segment_options(const SegmentArguments& arguments) {
  SegmentOptions options = arguments.options;
  const std::string otherwise = arguments.use_gpu == "N" ? "cpu" : "auto";
  options.device = task::device_of(arguments.device.empty() ? otherwise : arguments.device, "--device");
  options.torch_threads = arguments.control.threads;
  return options;
}

std::vector<Job> segment_jobs(SegmentArguments* arguments) {
  arguments->batch.images = parse_images(arguments->images);
  return batch::jobs_of(arguments->batch);
}

int run_segment_batch(const SegmentArguments& arguments, std::vector<Job> jobs, Console* console,
                      const ImageSteps& steps) {
  // On a busy machine threads that spin at LibTorch's barriers keep each other from working. The environment
  // is this program's own, and LibTorch is not open yet.
  setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);
  RunControl control = arguments.control;
  control.cancel = interrupt_token();
  batch::BatchSteps told = told_steps(arguments, control, *console);
  told.before = steps.before;
  if (steps.after) {
    told.after = [&](const Job& job, const ModelBundle& bundle) { steps.after(job, bundle, control); };
  }
  batch::run_batch(arguments.batch, segment_options(arguments), control, told, &jobs);
  return summarise(jobs, control, *console);
}

void add_segment_flags(CLI::App& app, SegmentArguments* arguments) {
  SegmentOptions& options = arguments->options;
  OptionFlags flags(app, &options);
  OptionFlags files(app, &arguments->batch.files);
  app.option_defaults()->group("Input and output");
  app.add_option("-i,--input_image", arguments->images,
                 "image, or comma-separated list of images; repeatable")
      ->option_text("FILE")
      ->required();
  app.add_option("-o,--output_dir", arguments->batch.output,
                 "folder for the label maps (default: next to the image); for one image also its file, "
                 ".nii.gz or .nii")
      ->option_text("FOLDER");
  app.add_option("--suffix", arguments->batch.suffix, "what is added to the image's name")
      ->option_text("TEXT")
      ->capture_default_str();
  app.add_flag("--skip-existing", arguments->batch.skip_existing,
               "leave images alone whose label map exists");
  files.add("--no-sidecar", &SegmentFileOptions::sidecar, "write no JSON beside the label map");
  files.add("--no-header-text", &SegmentFileOptions::header_text,
            "leave out extensions and free text of the image's header, in which names and dates travel");

  app.option_defaults()->group("Model");
  app.add_option(
         "-m,--model", arguments->model,
         "weights (.pth with its .json, .pt, .ts), bundle folder, or nnU-Net's folder with plans.json")
      ->option_text("FILE");
  app.add_option("-r,--region", arguments->region, "published model to use where there is no -m")
      ->option_text("NAME")
      ->capture_default_str();
  app.add_option("--model_version", arguments->model_version, "version of the published model")
      ->option_text("VERSION")
      ->capture_default_str();
  OptionFlags(app, &arguments->open).add("--trust-model", &ModelOpenOptions::trust);

  app.option_defaults()->group("Result");
  app.add_option_function<double>(
         "-s,--overlap", [&options](double percent) { options.overlap = overlap_of(percent); },
         "overlap of the windows in percent")
      ->option_text("PERCENT")
      ->default_str("90");
  app.add_option_function<std::string>(
         "-c,--chunk_size", [&options](const std::string& text) { options.chunk_slices = parse_chunk(text); },
         "auto: the whole volume at once; N: chunks of N slices as MuscleMap cuts them (changes the result)")
      ->option_text("auto|N")
      ->default_str("auto");
  flags.add("--all-parts", &SegmentOptions::all_parts);

  app.option_defaults()->group("Computing");
  app.add_option("--device", arguments->device, "where the network runs (default: auto, without a GPU cpu)")
      ->option_text("cpu|cuda|cuda:N|auto");
  app.add_option("-g,--use_GPU", arguments->use_gpu, "N: never use a GPU")
      ->option_text("Y|N")
      ->transform(one_of({"Y", "N"}))
      ->capture_default_str();
  flags.add("--engine", &SegmentOptions::engine);
  flags.add("--precision", &SegmentOptions::precision);
  add_run_flags(app, &arguments->control, "most memory to take, such as 4GiB; never changes the result");
  add_voice_flags(app, &arguments->voice);
}

}  // namespace musclemap::cli
