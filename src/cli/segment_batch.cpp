#include "cli/segment_batch.hpp"

#include <algorithm>
#include <cstdlib>
#include <iomanip>
#include <new>
#include <optional>
#include <sstream>

#include "cli/arguments.hpp"
#include "cli/choices.hpp"
#include "cli/interrupt.hpp"
#include "cli/label_map_path.hpp"
#include "cli/missing_files.hpp"
#include "cli/program.hpp"
#include "io/files/output_guard.hpp"

namespace musclemap::cli {
namespace {

namespace fs = std::filesystem;

std::int64_t parse_chunk(const std::string& text) {
  if (text == "auto") return 0;
  const bool digits =
      !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
  const std::int64_t slices = digits ? std::stoll(text) : 0;
  if (slices < 1)
    throw Error(ErrorCode::argument, "-c '" + text + "' is neither a positive number of slices nor auto");
  return slices;
}

SegmentOptions options_of(const SegmentArguments& arguments) {
  SegmentOptions options;
  parse_device(arguments.device.empty() ? (arguments.use_gpu == "N" ? "cpu" : "auto") : arguments.device,
               &options);
  if (!(arguments.overlap_percent >= 0 && arguments.overlap_percent < 100)) {
    std::ostringstream seen;
    seen << arguments.overlap_percent;
    throw Error(ErrorCode::argument, "-s " + seen.str() + " is not an overlap in percent, 0 to below 100");
  }
  if (arguments.engine == "torch") options.engine = EngineChoice::torch;
  if (arguments.engine == "native") options.engine = EngineChoice::native;
  if (arguments.precision == "fast") options.precision = Precision::fast;
  options.overlap = arguments.overlap_percent / 100;
  options.chunk_slices = parse_chunk(arguments.chunk);
  options.all_parts = arguments.all_parts;
  options.torch_threads = arguments.threads;
  return options;
}

fs::path model_of(const SegmentArguments& arguments) {
  if (!arguments.model.empty()) return arguments.model;
  return find_model(arguments.region, arguments.model_version);
}

std::string seconds_text(double seconds) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << seconds << " s";
  return text.str();
}

/// Runs the jobs one after the other; a failed one does not stop the rest.
class Batch {
 public:
  Batch(const SegmentArguments& arguments, Console& console, const BatchSteps& steps)
      : arguments_(arguments), console_(console), steps_(steps) {
    control_.cancel = interrupt_token();
    control_.threads = arguments.threads;
    control_.memory_budget = arguments.memory;
  }

  int run(std::vector<SegmentJob>& jobs, const SegmentOptions& options) {
    tell_missing(jobs);
    if (std::all_of(jobs.begin(), jobs.end(), [](const SegmentJob& job) { return job.failed; })) {
      for (const SegmentJob& job : jobs) tell(job);
      return summarise(jobs);
    }
    const ModelBundle bundle = open_model();
    std::optional<Segmenter> segmenter;  // loaded for the first image that can be read
    for (SegmentJob& job : jobs) {
      if (begin(job, bundle)) {
        // Without an engine no image can be done, so its errors end the program.
        if (!segmenter) load(bundle, options, &segmenter);
        attempt(job, [&] {
          segment(*segmenter, job);
          job.outcome = "done";
        });
      }
      if (!job.failed) console_.result(job.labels.string());
      if (!job.failed && steps_.after) attempt(job, [&] { steps_.after(job, bundle, control_); });
      tell(job);
    }
    return summarise(jobs);
  }

 private:
  ModelBundle open_model() {
    const fs::path model = model_of(arguments_);
    ModelOpenOptions options;
    options.trust = arguments_.trust_model;
    RunControl control = control_;
    control.on_progress = [&](const Progress& progress) { console_.progress(model.string(), progress); };
    return ModelBundle::open(model, options, control);
  }

  // Before hours are spent on the others.
  void tell_missing(std::vector<SegmentJob>& jobs) {
    for (SegmentJob& job : jobs) {
      const bool needed = steps_.after || !is_to_skip(job);
      if (needed) attempt(job, [&] { check_is_there(job.image); });
    }
  }

  void tell(const SegmentJob& job) {
    console_.object(
        {{"image", job.image.string()}, {"labels", job.labels.string()}, {"outcome", job.outcome}});
  }

  bool is_to_skip(const SegmentJob& job) const {
    std::error_code ignored;
    return arguments_.skip_existing && fs::exists(job.labels, ignored);
  }

  // True when the image is to be segmented.
  bool begin(SegmentJob& job, const ModelBundle& bundle) {
    if (job.failed) return false;
    attempt(job, [&] {
      if (control_.cancel.cancelled()) throw Error(ErrorCode::cancelled, "not begun");
      if (is_to_skip(job)) {
        job.outcome = "skipped";
        console_.say(job.image.string() + ": skipped, as there is " + job.labels.string());
      } else {
        check_segment_files(job.image, job.labels, file_options(), &bundle);
        if (steps_.before) steps_.before(job, bundle);
      }
    });
    return job.outcome.empty();
  }

  template <class Body>
  void attempt(SegmentJob& job, const Body& body) {
    try {
      body();
    } catch (const Error& error) {
      note_failure(job, error);
    } catch (const std::bad_alloc&) {
      note_failure(job, Error(ErrorCode::memory, "out of memory"));
    }
  }

  void load(const ModelBundle& bundle, const SegmentOptions& options, std::optional<Segmenter>* segmenter) {
    segmenter->emplace(bundle, options);
    const SegmentReport& report = (*segmenter)->report();
    const auto because = [](const std::string& reason) { return reason.empty() ? "" : " (" + reason + ")"; };
    console_.say("model " + bundle.name() + " " + bundle.version() + ", " + report.engine +
                 because(report.engine_reason) + " on " + report.device + because(report.device_reason));
    if (options.precision == Precision::fast && report.precision == Precision::exact)
      console_.say("--precision fast: no faster kernels here, so exact");
  }

  void segment(Segmenter& segmenter, const SegmentJob& job) {
    const std::string name = job.image.filename().string();
    RunControl control = control_;
    control.on_progress = [&](const Progress& progress) { console_.progress(job.image.string(), progress); };
    control.on_warning = [&](const Warning& warning) { console_.warn(job.image.string(), warning); };
    segment_file(segmenter, job.image, job.labels, file_options(), control);
    const SegmentReport& report = segmenter.report();
    console_.say(name + ": " + std::to_string(report.windows) + " windows, prepare " +
                 seconds_text(report.prepare_seconds) + ", infer " + seconds_text(report.infer_seconds) +
                 ", filter " + seconds_text(report.filter_seconds));
  }

  SegmentFileOptions file_options() const {
    SegmentFileOptions options;
    options.sidecar = !arguments_.no_sidecar;
    options.picture = arguments_.picture;
    options.header_text = !arguments_.no_header_text;
    return options;
  }

  void note_failure(SegmentJob& job, const Error& error) {
    job.failed = true;
    job.outcome = error.code() == ErrorCode::cancelled ? "cancelled" : "failed";
    console_.fail(error.about(job.image));
  }

  int summarise(const std::vector<SegmentJob>& jobs) {
    bool failed = false;
    for (const SegmentJob& job : jobs) {
      failed = failed || job.failed;
      if (jobs.size() > 1) console_.say(job.outcome + ": " + job.image.string());
    }
    if (control_.cancel.cancelled()) return interrupted_status();
    return failed ? kFailed : kDone;
  }

  const SegmentArguments& arguments_;
  Console& console_;
  const BatchSteps& steps_;
  RunControl control_;
};

// What concerns one image alone is looked at when its turn comes.
void guard_jobs(const std::vector<SegmentJob>& jobs, bool skip_existing) {
  io::OutputGuard guard;
  for (const SegmentJob& job : jobs) guard.reads_image(job.image, "image");
  for (const SegmentJob& job : jobs) {
    std::error_code ignored;
    if (fs::exists(job.labels, ignored) && (skip_existing || fs::equivalent(job.image, job.labels, ignored)))
      continue;
    guard.writes(job.labels, "label map of '" + job.image.string() + "'");
  }
}

}  // namespace

std::vector<SegmentJob> segment_jobs(const SegmentArguments& arguments) {
  std::vector<SegmentJob> jobs;
  const std::vector<fs::path> images = parse_images(arguments.images);
  check_label_map_output(arguments.output, images.size());
  jobs.reserve(images.size());
  for (const fs::path& image : images) {
    jobs.push_back({image, label_map_path(image, arguments.output, arguments.suffix), "", false});
  }
  guard_jobs(jobs, arguments.skip_existing);
  if (!arguments.picture.empty() && jobs.size() > 1) {
    throw Error(ErrorCode::argument,
                "--qc names one picture, but there are " + std::to_string(jobs.size()) + " images");
  }
  return jobs;
}

int run_segment_batch(const SegmentArguments& arguments, std::vector<SegmentJob> jobs, Console* console,
                      const BatchSteps& steps) {
  // On a busy machine threads that spin at LibTorch's barriers keep each other from working. The environment
  // is this program's own, and LibTorch is not open yet.
  setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);
  const SegmentOptions options = options_of(arguments);
  Batch batch(arguments, *console, steps);
  return batch.run(jobs, options);
}

void add_segment_flags(CLI::App& app, SegmentArguments* arguments) {
  app.option_defaults()->group("Input and output");
  app.add_option("-i,--input_image", arguments->images,
                 "image, or comma-separated list of images; repeatable")
      ->option_text("FILE")
      ->required();
  app.add_option("-o,--output_dir", arguments->output,
                 "folder for the label maps (default: next to the image); for one image also its file, "
                 ".nii.gz or .nii")
      ->option_text("FOLDER");
  app.add_option("--suffix", arguments->suffix, "what is added to the image's name")
      ->option_text("TEXT")
      ->capture_default_str();
  app.add_flag("--skip-existing", arguments->skip_existing, "leave images alone whose label map exists");
  app.add_flag("--no-sidecar", arguments->no_sidecar, "write no JSON beside the label map");
  app.add_flag("--no-header-text", arguments->no_header_text,
               "leave out extensions and free text of the image's header, in which names and dates travel");

  app.option_defaults()->group("Model");
  app.add_option("-m,--model", arguments->model, "weights (.pth with its .json, .pt, .ts) or bundle folder")
      ->option_text("FILE");
  app.add_option("-r,--region", arguments->region, "published model to use where there is no -m")
      ->option_text("NAME")
      ->capture_default_str();
  app.add_option("--model_version", arguments->model_version, "version of the published model")
      ->option_text("VERSION")
      ->capture_default_str();
  app.add_flag("--trust-model", arguments->trust_model,
               "let LibTorch run a TorchScript file that is registered nowhere");

  app.option_defaults()->group("Result");
  app.add_option("-s,--overlap", arguments->overlap_percent, "overlap of the windows in percent")
      ->option_text("PERCENT")
      ->capture_default_str();
  app.add_option("-c,--chunk_size", arguments->chunk,
                 "auto: the whole volume at once; N: chunks of N slices as the reference cuts them (changes "
                 "the result)")
      ->option_text("auto|N")
      ->capture_default_str();
  app.add_flag("--all-parts", arguments->all_parts, "keep every part of a label, not the largest alone");

  app.option_defaults()->group("Computing");
  app.add_option("--device", arguments->device, "where the network runs (default: auto, without a GPU cpu)")
      ->option_text("cpu|cuda|cuda:N|auto");
  app.add_option("-g,--use_GPU", arguments->use_gpu, "N: never use a GPU")
      ->option_text("Y|N")
      ->transform(one_of({"Y", "N"}))
      ->capture_default_str();
  app.add_option("--engine", arguments->engine, "native (CPU), torch, or auto: native where it can")
      ->option_text("auto|torch|native")
      ->transform(one_of({"auto", "torch", "native"}))
      ->capture_default_str();
  app.add_option("--precision", arguments->precision, "exact, or fast where there are such kernels")
      ->option_text("exact|fast")
      ->transform(one_of({"exact", "fast"}))
      ->capture_default_str();
  app.add_option("--threads", arguments->threads, "most threads to use (default: all cores)")
      ->option_text("N")
      ->check(CLI::Range(1, 1024));
  app.add_option("--memory", arguments->memory, "most memory to take, such as 4GiB; never changes the result")
      ->option_text("SIZE")
      ->transform(size_in_bytes());
  add_voice_flags(app, &arguments->voice);
}

}  // namespace musclemap::cli
