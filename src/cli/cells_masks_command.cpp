// `musclemap cells masks`: stored flows to masks, without a network.
#include <filesystem>
#include <memory>
#include <string>

#include "cli/cell_mask_flags.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/help_sections.hpp"
#include "cli/interrupt.hpp"
#include "cli/option_flags.hpp"
#include "cli/program.hpp"
#include "cli/run_flags.hpp"
#include "cli/voice.hpp"
#include "decode/flows/mask_options.hpp"
#include "io/files/output_guard.hpp"
#include "task/cells/mask_file.hpp"
#include "task/cells/stored_flows.hpp"

namespace musclemap::cli {
namespace {

struct MasksArguments {
  std::filesystem::path flows;
  std::filesystem::path dp;
  std::filesystem::path cellprob;
  std::filesystem::path output;
  CellMaskOptions options;
  RunControl control;
  Voice voice;
};

/// What is wrong with the numbers is told with their file.
CellMasks masks_of(const task::StoredFlows& flows, const std::filesystem::path& file,
                   const CellMaskOptions& options, const RunControl& control) {
  try {
    return cell_masks(flows.view(), options, control);
  } catch (const Error& error) {
    if (error.reason() != Reason::nonfinite) throw;
    throw Error(ErrorCode::format, error.reason(), error.what(), file);
  }
}

int run_masks(const MasksArguments& arguments) {
  Console console(arguments.voice);
  const std::filesystem::path& input = arguments.flows.empty() ? arguments.dp : arguments.flows;
  io::OutputGuard guard;
  for (const std::filesystem::path* file : {&arguments.flows, &arguments.dp, &arguments.cellprob})
    guard.reads(*file, "flows");
  guard.writes(arguments.output, "masks");
  task::check_mask_file(arguments.output);

  RunControl control = arguments.control;
  control.cancel = interrupt_token();
  control.on_progress = [&](const Progress& progress) { console.progress(input.string(), progress); };
  const task::StoredFlows flows = arguments.flows.empty()
                                      ? task::read_stored_flows(arguments.dp, arguments.cellprob)
                                      : task::read_stored_flows(arguments.flows);
  const CellMasks masks = masks_of(flows, input, arguments.options, control);
  task::write_mask_file(arguments.output, masks, flows.shape());
  console.end_progress();
  console.result(arguments.output.string());
  const CellMaskSeconds& seconds = masks.seconds;
  console.object({{"masks", arguments.output.string()},
                  {"count", masks.count},
                  {"seconds",
                   {{"dynamics", seconds.dynamics},
                    {"seeds", seconds.seeds},
                    {"flow_check", seconds.flow_check},
                    {"clean_up", seconds.clean_up}}}});
  return kDone;
}

}  // namespace

void add_cells_masks_command(CLI::App& app, int& exit_status) {
  auto arguments = std::make_shared<MasksArguments>();
  CLI::App* command = app.add_subcommand("masks", "stored flows in, masks out; no network runs");
  command->option_defaults()->group("Input and output");
  CLI::Option* flows =
      command->add_option("--flows", arguments->flows, "archive of the arrays dP and cellprob")
          ->option_text("FILE.npz");
  CLI::Option* dp =
      command
          ->add_option("--dp", arguments->dp,
                       "flows as the network gives them, (2, y, x), or (3, z, y, x) of a volume")
          ->option_text("FILE.npy")
          ->excludes(flows);
  CLI::Option* cellprob =
      command->add_option("--cellprob", arguments->cellprob, "logits, (y, x) or (z, y, x)")
          ->option_text("FILE.npy")
          ->excludes(flows);
  dp->needs(cellprob);
  cellprob->needs(dp);
  command->add_option("-o", arguments->output, "masks to write, .tif or .npy")
      ->option_text("FILE")
      ->required();
  add_cell_mask_flags(*command, &arguments->options);
  OptionFlags(*command, &arguments->options).add("--niter", &CellMaskOptions::niter)->capture_default_str();
  command->option_defaults()->group("Computing");
  add_run_flags(*command, &arguments->control, "most memory to take, such as 4GiB; never changes the result");
  add_voice_flags(*command, &arguments->voice);
  command->footer([] {
    return examples({{"musclemap cells masks --flows cells.npz -o masks.tif", "from one archive"},
                     {"musclemap cells masks --dp dP.npy --cellprob cellprob.npy -o masks.npy --json",
                      "from two files; number of cells and seconds on standard output"}}) +
           exit_statuses();
  });
  command->callback([arguments, flows, dp, &exit_status] {
    if (flows->empty() && dp->empty())
      throw Error(ErrorCode::argument, "--flows is required, or --dp and --cellprob");
    exit_status = run_masks(*arguments);
  });
}

}  // namespace musclemap::cli
