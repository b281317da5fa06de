// `phase`, `modality` and `combine`, which are also programs of TotalSegmentator's names.
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/help_sections.hpp"
#include "cli/interrupt.hpp"
#include "cli/missing_files.hpp"
#include "cli/program.hpp"
#include "cli/voice.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/output_guard.hpp"
#include "musclemap/organs.hpp"

namespace musclemap::cli {
namespace {

using Json = nlohmann::ordered_json;

struct CompanionArguments {
  std::filesystem::path input;
  std::filesystem::path output;
  std::vector<std::filesystem::path> labels;
  std::string device;
  bool normalised = false;
  std::string masks;
  Voice voice;
};

RunControl control_for(const CompanionArguments& arguments, Console* console) {
  RunControl control;
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

/// What the original writes: indented by 4, without a line's end.
void write_result(const CompanionArguments& arguments, const Json& result) {
  if (arguments.output.empty()) return;
  io::OutputGuard guard;
  guard.reads_image(arguments.input, "image");
  for (const std::filesystem::path& file : arguments.labels) guard.reads_image(file, "label map");
  guard.writes(arguments.output, "result");
  const std::string text = result.dump(4);
  io::AtomicFile out(arguments.output);
  out.write(text.data(), text.size());
  out.commit();
}

int run_phase(const CompanionArguments& arguments) {
  if (arguments.labels.empty()) {
    throw Error(ErrorCode::argument,
                "--labels is missing: a label map of the task total is needed, and for a head one of "
                "headneck_bones_vessels too");
  }
  Console console(arguments.voice);
  if (!inputs_are_there(arguments, &console)) return kFailed;
  const ContrastPhase phase =
      contrast_phase_file(arguments.input, arguments.labels, control_for(arguments, &console));
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
  console.object(result);
  return kDone;
}

int run_modality(const CompanionArguments& arguments) {
  if (arguments.normalised && arguments.labels.size() != 1) {
    throw Error(ErrorCode::argument, "-n needs --labels with one label map of the task total_mr");
  }
  if (!arguments.normalised && !arguments.labels.empty()) {
    throw Error(ErrorCode::argument, "--labels goes with -n; without it the whole image is looked at");
  }
  Console console(arguments.voice);
  if (!inputs_are_there(arguments, &console)) return kFailed;
  const RunControl control = control_for(arguments, &console);
  const Modality found = arguments.normalised
                             ? normalised_modality_file(arguments.input, arguments.labels.front(), control)
                             : image_modality_file(arguments.input, control);
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
  app.add_option("--labels", arguments->labels, "label maps that are there; no network runs")
      ->option_text("FILE ...");
}

void add_device(CLI::App& app, CompanionArguments* arguments) {
  app.option_defaults()->group("Options");
  app.add_option("-d,--device", arguments->device, "accepted as by the original; this runs on the CPU")
      ->option_text("NAME");
}

}  // namespace

void add_phase_options(CLI::App& app, int& exit_status) {
  auto arguments = std::make_shared<CompanionArguments>();
  add_image_and_result(app, arguments.get(), "CT in Hounsfield units");
  add_device(app, arguments.get());
  add_voice_flags(app, &arguments->voice);
  app.footer([] {
    return examples({{"musclemap phase -i ct.nii.gz --labels ct_total.nii.gz -o phase.json",
                      "seconds after the injection, and the phase"}}) +
           exit_statuses();
  });
  app.callback([arguments, &exit_status] { exit_status = run_phase(*arguments); });
}

void add_modality_options(CLI::App& app, int& exit_status) {
  auto arguments = std::make_shared<CompanionArguments>();
  add_image_and_result(app, arguments.get(), "CT or MR image");
  app.option_defaults()->group("Options");
  app.add_flag("-n", arguments->normalised, "for images whose values were normalised: needs --labels");
  add_device(app, arguments.get());
  add_voice_flags(app, &arguments->voice);
  app.footer([] {
    return examples({{"musclemap modality -i scan.nii.gz", "from the image alone"},
                     {"musclemap modality -i scan.nii.gz -n --labels scan_total_mr.nii.gz",
                      "from the medians of organs"}}) +
           exit_statuses();
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
