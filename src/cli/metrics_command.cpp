// `mm_extract_metrics` and `musclemap metrics`.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/choices.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/help_sections.hpp"
#include "cli/interrupt.hpp"
#include "cli/metrics_options.hpp"
#include "cli/missing_files.hpp"
#include "cli/option_flags.hpp"
#include "cli/program.hpp"
#include "cli/run_flags.hpp"
#include "io/files/warnings_json.hpp"
#include "metrics/metrics_options.hpp"
#include "musclemap/musclemap.hpp"
#include "task/segment_options.hpp"

namespace musclemap::cli {
namespace {

struct MetricsArguments {
  MetricsRequest request;
  CLI::Option* components = nullptr;
  std::string device = "auto";
  RunControl control;
  Voice voice;
};

// The library's rule in the words of the command line, where clusters are always asked for by their number.
void check_needs(const MetricsArguments& arguments) {
  static const std::map<std::string, const char*> flags{{"labels", "-s (label map)"},
                                                        {"image", "-i (image)"},
                                                        {"fat", "-f (fat image)"},
                                                        {"water", "-w (water image)"}};
  const MetricsMethod method = arguments.request.method;
  const std::string missing = metrics::missing_input(arguments.request);
  const bool clusters = method == MetricsMethod::kmeans || method == MetricsMethod::gmm;
  const bool unsaid = clusters && arguments.components->count() == 0;
  if (missing.empty() && !unsaid) return;
  throw Error(ErrorCode::argument, std::string("the method ") + base::word_of(method) + " needs " +
                                       (unsaid ? "-c (2 or 3 components)" : flags.at(missing)));
}

int run_metrics(const MetricsArguments& arguments) {
  Console console(arguments.voice);
  const MetricsRequest& request = arguments.request;
  check_needs(arguments);
  metrics::check_request(request);
  task::device_of(arguments.device, "--device");
  if (!all_are_there(
          {request.image, request.fat, request.water, request.labels, request.names_file, request.edits_file},
          &console)) {
    return kFailed;
  }
  RunControl control = arguments.control;
  control.cancel = interrupt_token();
  measure_files(request, control, &console);
  return kDone;
}

}  // namespace

void measure_files(const MetricsRequest& request, RunControl control, Console* console) {
  const std::string labels = request.labels.string();
  control.on_progress = [&](const Progress& progress) { console->progress(labels, progress); };
  control.on_warning = [&](const Warning& warning) { console->warn(request.labels.string(), warning); };
  const MetricsReport report = extract_metrics(request, control);
  console->end_progress();
  nlohmann::ordered_json files = nlohmann::ordered_json::array();
  for (const std::filesystem::path& file : report.files) {
    console->result(file.string());
    files.push_back(file.string());
  }
  console->object({{"table", report.table.string()},
                   {"rows", report.metrics.labels.row_count()},
                   {"files", files},
                   {"warnings", io::warnings_json(report.metrics.warnings)}});
}

void add_metrics_options(CLI::App& app, int& exit_status) {
  auto arguments = std::make_shared<MetricsArguments>();
  OptionFlags flags(app, &arguments->request);
  app.option_defaults()->group("Input and output");
  flags.add("-m,--method", &MetricsRequest::method, "kmeans, gmm, dixon, average or hu")
      ->option_text("NAME")
      ->default_str("")
      ->required();
  flags.add("-i,--input_image", &MetricsRequest::image);
  add_dixon_images(app, &arguments->request);
  flags.add("-s,--segmentation_image", &MetricsRequest::labels);
  flags.add("-o,--output_dir", &MetricsRequest::output_folder)->option_text("FOLDER");
  flags.add("--edits", &MetricsRequest::edits_file);
  flags.add("--qc", &MetricsRequest::picture);
  flags.add("--no-sidecar", &MetricsRequest::sidecar, "write no JSON beside the table");
  flags.add("--no-header-text", &MetricsRequest::header_text,
            "maps: leave out extensions and free text of the header, in which names and dates travel");

  app.option_defaults()->group("Label names");
  flags.add("--labels", &MetricsRequest::names_file);
  flags.add("-r,--region", &MetricsRequest::region)->option_text("NAME");
  flags.add("--model_version", &MetricsRequest::model_version)->option_text("VERSION")->capture_default_str();

  app.option_defaults()->group("Measures");
  arguments->components = add_components(app, "-c,--components", &arguments->request);
  add_metrics_flags(app, &arguments->request);

  add_run_flags(app, &arguments->control, "most memory for slabs, such as 64MiB; never changes the result");
  app.add_option("--device", arguments->device, "accepted as by mm_segment; measures run on the CPU")
      ->option_text("NAME");
  add_voice_flags(app, &arguments->voice);
  app.footer([] {
    return examples(
               {{"mm_extract_metrics -m gmm -c 3 -i a.nii.gz -s a_dseg.nii.gz",
                 "muscle and fat by a mixture"},
                {"mm_extract_metrics -m dixon -f fat.nii.gz -w water.nii.gz -s map.nii.gz", "fat fraction"},
                {"mm_extract_metrics -m hu -i ct.nii.gz -s map.nii.gz --table full", "CT, all columns"}}) +
           regions_of_tables() + exit_statuses();
  });
  app.callback([arguments, &exit_status] { exit_status = run_metrics(*arguments); });
}

}  // namespace musclemap::cli
