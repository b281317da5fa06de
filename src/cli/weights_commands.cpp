// What TotalSegmentator's commands about weights and licences do: put an archive in its place, or say where
// weights come from, as nothing is fetched here.
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/help_sections.hpp"
#include "cli/interrupt.hpp"
#include "cli/missing_files.hpp"
#include "cli/program.hpp"
#include "cli/voice.hpp"
#include "io/weights/nnunet/import.hpp"
#include "task/totalsegmentator/task_list.hpp"
#include "task/weights_search.hpp"

namespace musclemap::cli {
namespace {

namespace fs = std::filesystem;

struct ImportArguments {
  fs::path archive;
  Voice voice;
};

// The first folder that weights are looked for in.
fs::path folder_of_weights() {
  const std::vector<fs::path> folders = task::weights_search_path();
  if (!folders.empty()) return folders.front();
  throw Error(ErrorCode::argument,
              "there is no folder for weights: neither TOTALSEG_WEIGHTS_PATH nor HOME is set");
}

int run_import(const ImportArguments& arguments) {
  Console console(arguments.voice);
  if (!all_are_there({arguments.archive}, &console)) return kFailed;
  RunControl control;
  control.cancel = interrupt_token();
  const std::string file = arguments.archive.string();
  control.on_progress = [&](const Progress& progress) { console.progress(file, progress); };
  const std::vector<fs::path> placed = io::import_nnunet_zip(arguments.archive, folder_of_weights(), control);
  console.end_progress();
  for (const fs::path& model : placed) {
    console.result(model.string());
    console.object({{"archive", file}, {"model", model.string()}});
  }
  return kDone;
}

// Of a task: its archives and where they belong.
std::string sources_of(const std::string& name) {
  if (!task::is_known_task(name)) return {};
  const nlohmann::ordered_json known = task::known_task_json(name, task::weights_search_path());
  if (known["missing"].is_null()) return "; the weights of the task '" + name + "' are there";
  return "; " + known["missing"].get<std::string>();
}

}  // namespace

void add_import_options(CLI::App& app, int& exit_status) {
  auto arguments = std::make_shared<ImportArguments>();
  app.option_defaults()->group("Input and output");
  app.add_option("-i,--weights_file", arguments->archive, "zip archive of weights")
      ->option_text("FILE")
      ->required();
  add_voice_flags(app, &arguments->voice);
  app.footer([] {
    return examples({{"musclemap import -i Dataset297_TotalSegmentator_total_3mm_1559subj.zip",
                      "checked, and put where weights are looked for"}}) +
           exit_statuses() + environment_variables();
  });
  app.callback([arguments, &exit_status] { exit_status = run_import(*arguments); });
}

void add_download_options(CLI::App& app) {
  auto name = std::make_shared<std::string>("total");
  app.option_defaults()->group("Options");
  app.add_option("-t,--task", *name, "whose weights are wanted")->option_text("NAME")->capture_default_str();
  app.footer([] { return exit_statuses() + environment_variables(); });
  app.callback([name] {
    throw Error(ErrorCode::unsupported,
                "nothing is fetched, as no connection is ever opened; totalseg_import_weights puts an "
                "archive in its place" +
                    sources_of(*name));
  });
}

void add_license_options(CLI::App& app, ShortNames& names) {
  auto number = std::make_shared<std::string>();
  auto skips = std::make_shared<bool>(false);
  app.option_defaults()->group("Options");
  app.add_option("-l,--license_number", *number, "of TotalSegmentator")->option_text("NUMBER");
  app.add_flag(names.known("-sv,--skip_validation"), *skips, "as of the original (-sv)");
  app.footer([] { return exit_statuses(); });
  app.callback([number, skips] {
    throw Error(ErrorCode::unsupported,
                "no licence number is asked for or kept, as no connection is ever opened; weights that need "
                "a licence come from TotalSegmentator's authors, and totalseg_import_weights puts them in "
                "their place");
  });
}

}  // namespace musclemap::cli
