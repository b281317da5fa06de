// `mm_extract_metrics` and `musclemap metrics`.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "cli/arguments.hpp"
#include "cli/choices.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/help_sections.hpp"
#include "cli/interrupt.hpp"
#include "cli/metrics_options.hpp"
#include "cli/missing_files.hpp"
#include "cli/program.hpp"
#include "io/files/warnings_json.hpp"
#include "musclemap/musclemap.hpp"

namespace musclemap::cli {
namespace {

struct MetricsArguments {
  std::string method;
  std::string image;
  std::string fat;
  std::string water;
  std::string labels;
  std::string region;
  std::string version = "latest";
  std::string names;
  std::string edits;
  std::string output_folder;
  std::string picture;
  std::string device;
  MetricsOptions options;
  std::uint64_t memory = 0;
  int threads = 0;
  Voice voice;
};

void need(const std::string& value, const char* flag, const std::string& method) {
  if (!value.empty()) return;
  throw Error(ErrorCode::argument, "the method " + method + " needs " + flag);
}

void check_needs(const MetricsArguments& arguments, MetricsMethod method) {
  const std::string name = base::ascii_lower(arguments.method);
  need(arguments.labels, "-s (label map)", name);
  if (method == MetricsMethod::dixon) {
    need(arguments.fat, "-f (fat image)", name);
    need(arguments.water, "-w (water image)", name);
  } else {
    need(arguments.image, "-i (image)", name);
  }
  const bool clusters = method == MetricsMethod::kmeans || method == MetricsMethod::gmm;
  if (clusters && arguments.options.components == 0) need("", "-c (2 or 3 components)", name);
  if (!clusters && method != MetricsMethod::hu && !arguments.edits.empty()) {
    throw Error(ErrorCode::argument, "--edits belong to kmeans, gmm and hu, not to " + name);
  }
}

MetricsRequest request_of(const MetricsArguments& arguments) {
  MetricsRequest request;
  request.method = metrics_method(arguments.method);
  check_needs(arguments, request.method);
  request.image = arguments.image;
  request.fat = arguments.fat;
  request.water = arguments.water;
  request.labels = arguments.labels;
  request.output_folder = arguments.output_folder;
  request.picture = arguments.picture;
  arguments.options.apply(&request);
  request.names_file = arguments.names;
  request.edits_file = arguments.edits;
  return request;
}

int run_metrics(const MetricsArguments& arguments) {
  Console console(arguments.voice);
  MetricsRequest request = request_of(arguments);
  if (!arguments.device.empty()) {
    SegmentOptions checked;
    parse_device(arguments.device, &checked);
  }
  if (!all_are_there(
          {request.image, request.fat, request.water, request.labels, arguments.names, arguments.edits},
          &console)) {
    return kFailed;
  }
  if (arguments.names.empty() && !arguments.region.empty())
    request.names = builtin_label_table(arguments.region, arguments.version).labels;
  RunControl control;
  control.cancel = interrupt_token();
  control.threads = arguments.threads;
  control.memory_budget = arguments.memory;
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
  app.option_defaults()->group("Input and output");
  app.add_option("-m,--method", arguments->method, "kmeans, gmm, dixon, average or hu")
      ->option_text("NAME")
      ->required();
  app.add_option("-i,--input_image", arguments->image, "image (kmeans, gmm, average, hu)")
      ->option_text("FILE");
  app.add_option("-f,--fat_image", arguments->fat, "fat image (dixon)")->option_text("FILE");
  app.add_option("-w,--water_image", arguments->water, "water image (dixon)")->option_text("FILE");
  app.add_option("-s,--segmentation_image", arguments->labels, "label map")->option_text("FILE");
  app.add_option("-o,--output_dir", arguments->output_folder,
                 "folder for the results (default: next to the image)")
      ->option_text("FOLDER");
  app.add_option("--edits", arguments->edits, "JSON of threshold shifts and erase masks by anatomy group")
      ->option_text("FILE");
  app.add_option("--qc", arguments->picture, "also draw the classes over the image into this PNG file")
      ->option_text("FILE");
  app.add_flag("--no-sidecar", arguments->options.no_sidecar, "write no JSON beside the table");
  app.add_flag("--no-header-text", arguments->options.no_header_text,
               "maps: leave out extensions and free text of the header, in which names and dates travel");

  app.option_defaults()->group("Label names");
  app.add_option("--labels", arguments->names,
                 "a model, JSON, a table (CSV, TSV, BIDS) or a viewer's colour table")
      ->option_text("FILE");
  app.add_option("-r,--region", arguments->region, "built-in table of label names")->option_text("NAME");
  app.add_option("--model_version", arguments->version, "version of that table")
      ->option_text("VERSION")
      ->capture_default_str();

  app.option_defaults()->group("Measures");
  app.add_option("-c,--components", arguments->options.components, "clusters of kmeans and gmm")
      ->option_text("2|3")
      ->transform(one_of({"2", "3"}));
  add_metrics_flags(app, &arguments->options);

  app.option_defaults()->group("Computing");
  app.add_option("--threads", arguments->threads, "most threads to use (default: all cores)")
      ->option_text("N")
      ->check(CLI::Range(1, 1024));
  app.add_option("--memory", arguments->memory,
                 "most memory for slabs, such as 64MiB; never changes the result")
      ->option_text("SIZE")
      ->transform(size_in_bytes());
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
