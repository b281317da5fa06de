// `phase`, `modality` and `combine`, which are also programs of TotalSegmentator's names.
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/device_words.hpp"
#include "cli/help_sections.hpp"
#include "cli/interrupt.hpp"
#include "cli/missing_files.hpp"
#include "cli/program.hpp"
#include "cli/run_flags.hpp"
#include "cli/voice.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/output_guard.hpp"
#include "musclemap/musclemap.hpp"

namespace musclemap::cli {
namespace {

using Json = nlohmann::ordered_json;

struct CompanionArguments {
  std::filesystem::path input;
  std::filesystem::path output;
  std::vector<std::filesystem::path> labels;
  std::string device = "gpu";
  bool normalised = false;
  std::string masks;
  RunControl control;  // the numbers alone
  Voice voice;
};

RunControl control_for(const CompanionArguments& arguments, Console* console) {
  RunControl control = arguments.control;
  control.cancel = interrupt_token();
  const std::string file = arguments.input.string();
  control.on_progress = [console, file](const Progress& progress) { console->progress(file, progress); };
  control.on_warning = [console, file](const Warning& warning) { console->warn(file, warning); };
  return control;
}

bool inputs_are_there(const CompanionArguments& arguments, Console* console) {
  std::vector<std::filesystem::path> files = arguments.labels;
  files.push_back(arguments.input);
  return all_are_there(files, console);
}

/// Before anything costs time.
void check_result_file(const CompanionArguments& arguments) {
  if (arguments.output.empty()) return;
  io::OutputGuard guard;
  guard.reads_image(arguments.input, "image");
  for (const std::filesystem::path& file : arguments.labels) guard.reads_image(file, "label map");
  guard.writes(arguments.output, "result");
  const io::AtomicFile probe(arguments.output);
}

/// What the original writes: indented by 4, without a line's end.
void write_result(const CompanionArguments& arguments, const Json& result) {
  if (arguments.output.empty()) return;
  const std::string text = result.dump(4);
  io::AtomicFile out(arguments.output);
  out.write(text.data(), text.size());
  out.commit();
}

/// Tasks that find the labels where no label map is given; the console hears what runs.
class LabelFinder {
 public:
  LabelFinder(const CompanionArguments& arguments, Console* console)
      : arguments_(arguments), console_(*console) {
    // As for a batch: on a busy machine threads that spin at LibTorch's barriers hinder each other.
    setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);
    segment_.device = device_of_original(arguments.device, console_);
    segment_.torch_threads = arguments.control.threads;
  }

  /// That of the task total or total_mr at 3 mm. Errors of weights that are not there say what else would do.
  Segmenter organs(const std::string& task) {
    TaskOptions options;
    options.fast = true;
    try {
      return segmenter(task, options);
    } catch (const Error& error) {
      if (!is_missing_weights(error)) throw;
      throw Error(error.code(), error.reason(),
                  std::string(error.what()) + "; --labels takes a label map that is there");
    }
  }

  /// That of the neck; null where its weights are not there, which is said.
  Segmenter* head_neck() {
    console_.end_progress();
    try {
      head_neck_.emplace(segmenter("headneck_bones_vessels", {}));
      return &*head_neck_;
    } catch (const Error& error) {
      if (!is_missing_weights(error)) throw;
      console_.say(error.what());
      return nullptr;
    }
  }

 private:
  /// Of a task; others are about a file.
  static bool is_missing_weights(const Error& error) {
    return error.code() == ErrorCode::model && error.file().empty();
  }

  Segmenter segmenter(const std::string& name, const TaskOptions& options) {
    RunControl loading = arguments_.control;
    loading.cancel = interrupt_token();
    Segmenter segmenter(Task::open(name, options, loading), segment_, loading);
    const SegmentReport& report = segmenter.report();
    console_.say("task " + name + ", " + report.engine + " on " + report.device);
    return segmenter;
  }

  const CompanionArguments& arguments_;
  Console& console_;
  SegmentOptions segment_;
  std::optional<Segmenter> head_neck_;
};

ContrastPhase phase_by_networks(const CompanionArguments& arguments, Console* console) {
  LabelFinder finder(arguments, console);
  Segmenter total = finder.organs("total");
  return contrast_phase_file(
      arguments.input, total, [&] { return finder.head_neck(); }, control_for(arguments, console));
}

int run_phase(const CompanionArguments& arguments) {
  Console console(arguments.voice);
  if (!inputs_are_there(arguments, &console)) return kFailed;
  check_result_file(arguments);
  const ContrastPhase phase =
      arguments.labels.empty()
          ? phase_by_networks(arguments, &console)
          : contrast_phase_file(arguments.input, arguments.labels, control_for(arguments, &console));
  console.end_progress();
  const Json result{{"pi_time", phase.pi_time_s},         {"phase", phase.phase},
                    {"probability", phase.probability},   {"pi_time_min", phase.pi_time_min_s},
                    {"pi_time_max", phase.pi_time_max_s}, {"stddev", phase.stddev_s}};
  write_result(arguments, result);
  if (phase.head_neck_missing) {
    console.say(
        "a brain is in the image and no label map names the vessels of the neck: they count as 0 HU; "
        "--labels takes a map of headneck_bones_vessels beside that of total");
  }
  console.result(phase.phase + "\t" + base::number_text(phase.pi_time_s) + " s\tprobability " +
                 base::number_text(phase.probability));
  Json told = result;
  if (phase.head_neck_missing) told["head_neck_missing"] = true;
  console.object(told);
  return kDone;
}

Modality modality_of(const CompanionArguments& arguments, Console* console) {
  const RunControl control = control_for(arguments, console);
  if (!arguments.normalised) return image_modality_file(arguments.input, control);
  if (!arguments.labels.empty())
    return normalised_modality_file(arguments.input, arguments.labels.front(), control);
  Segmenter total_mr = LabelFinder(arguments, console).organs("total_mr");
  return normalised_modality_file(arguments.input, total_mr, control);
}

int run_modality(const CompanionArguments& arguments) {
  if (arguments.normalised && arguments.labels.size() > 1) {
    throw Error(ErrorCode::argument, "--labels is a list of " + std::to_string(arguments.labels.size()) +
                                         "; -n takes one label map, of the task total_mr");
  }
  if (!arguments.normalised && !arguments.labels.empty()) {
    throw Error(ErrorCode::argument, "--labels goes with -n; without it the whole image is looked at");
  }
  Console console(arguments.voice);
  if (!inputs_are_there(arguments, &console)) return kFailed;
  check_result_file(arguments);
  const Modality found = modality_of(arguments, &console);
  console.end_progress();
  const Json result{{"modality", found.modality}, {"probability", found.probability}};
  write_result(arguments, result);
  console.result(found.modality + "\tprobability " + base::number_text(found.probability));
  console.object(result);
  return kDone;
}

int run_combine(const CompanionArguments& arguments) {
  const std::vector<std::string> classes = classes_of_union(arguments.masks);
  Console console(arguments.voice);
  if (!inputs_are_there(arguments, &console)) return kFailed;
  combine_masks_file(arguments.input, classes, arguments.output, control_for(arguments, &console));
  console.end_progress();
  console.result(arguments.output.string());
  console.object({{"mask", arguments.output.string()}, {"classes", classes}});
  return kDone;
}

int run_radiomics(const CompanionArguments& arguments) {
  Console console(arguments.voice);
  if (!inputs_are_there(arguments, &console)) return kFailed;
  const RunControl control = control_for(arguments, &console);
  radiomics_file(arguments.input, arguments.labels.front(), arguments.output, control);
  console.end_progress();
  console.result(arguments.output.string());
  console.object({{"radiomics", arguments.output.string()}});
  return kDone;
}

void add_image_and_result(CLI::App& app, CompanionArguments* arguments, const char* what) {
  app.option_defaults()->group("Input and output");
  app.add_option("-i", arguments->input, what)->option_text("FILE")->required();
  app.add_option("-o", arguments->output, "JSON file of the result")->option_text("FILE");
  app.add_option("--labels", arguments->labels, "label maps that are there; no network runs then")
      ->option_text("FILE ...");
}

void add_computing(CLI::App& app, CompanionArguments* arguments) {
  app.option_defaults()->group("Computing");
  app.add_option("-d,--device", arguments->device, "where networks run; without a GPU cpu")
      ->option_text("gpu|gpu:N|cpu")
      ->capture_default_str();
  add_run_flags(app, &arguments->control, "most memory to take, such as 4GiB; never changes the result");
}

}  // namespace

void add_phase_options(CLI::App& app, int& exit_status) {
  auto arguments = std::make_shared<CompanionArguments>();
  add_image_and_result(app, arguments.get(), "CT in Hounsfield units");
  add_computing(app, arguments.get());
  add_voice_flags(app, &arguments->voice);
  app.footer([] {
    return examples(
               {{"musclemap phase -i ct.nii.gz -o phase.json",
                 "seconds after the injection, and the phase; runs the task total"},
                {"musclemap phase -i ct.nii.gz --labels ct_total.nii.gz", "with labels that are there"}}) +
           exit_statuses() + environment_variables();
  });
  app.callback([arguments, &exit_status] { exit_status = run_phase(*arguments); });
}

void add_modality_options(CLI::App& app, int& exit_status) {
  auto arguments = std::make_shared<CompanionArguments>();
  add_image_and_result(app, arguments.get(), "CT or MR image");
  app.option_defaults()->group("Options");
  app.add_flag(
      "-n", arguments->normalised,
      "for images whose values were normalised: runs the task total_mr, unless --labels has its map");
  add_computing(app, arguments.get());
  add_voice_flags(app, &arguments->voice);
  app.footer([] {
    return examples({{"musclemap modality -i scan.nii.gz", "from the image alone"},
                     {"musclemap modality -i scan.nii.gz -n", "from the medians of organs"},
                     {"musclemap modality -i scan.nii.gz -n --labels scan_total_mr.nii.gz",
                      "with labels that are there"}}) +
           exit_statuses() + environment_variables();
  });
  app.callback([arguments, &exit_status] { exit_status = run_modality(*arguments); });
}

void add_combine_options(CLI::App& app, int& exit_status) {
  auto arguments = std::make_shared<CompanionArguments>();
  app.option_defaults()->group("Input and output");
  app.add_option("-i", arguments->input, "folder with a mask a class, or one label map")
      ->option_text("PATH")
      ->required();
  app.add_option("-o", arguments->output, "mask to write")->option_text("FILE")->required();
  app.option_defaults()->group("Options");
  app.add_option("-m,--masks", arguments->masks,
                 "lung, lung_left, lung_right, vertebrae, ribs, vertebrae_ribs, heart, pelvis or body")
      ->option_text("NAME")
      ->required();
  add_voice_flags(app, &arguments->voice);
  app.footer([] {
    return examples({{"musclemap combine -i masks -m lung -o lung.nii.gz", "the five lobes as one mask"}}) +
           exit_statuses();
  });
  app.callback([arguments, &exit_status] { exit_status = run_combine(*arguments); });
}

void add_radiomics_command(CLI::App& app, int& exit_status) {
  CLI::App* command =
      app.add_subcommand("radiomics", "shape and first-order features of labels, as pyradiomics'");
  auto arguments = std::make_shared<CompanionArguments>();
  command->option_defaults()->group("Input and output");
  command->add_option("-i", arguments->input, "image")->option_text("FILE")->required();
  command->add_option("--labels", arguments->labels, "label map, or folder with a mask a class")
      ->option_text("PATH")
      ->expected(1)
      ->required();
  command->add_option("-o", arguments->output, "JSON file of the features")->option_text("FILE")->required();
  add_voice_flags(*command, &arguments->voice);
  command->footer([] {
    return examples({{"musclemap radiomics -i ct.nii.gz --labels ct_total.nii.gz -o radiomics.json",
                      "32 features a class"}}) +
           exit_statuses();
  });
  command->callback([arguments, &exit_status] { exit_status = run_radiomics(*arguments); });
}

}  // namespace musclemap::cli
