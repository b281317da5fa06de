// `musclemap cells compare`: where two runs part.
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/help_sections.hpp"
#include "cli/program.hpp"
#include "cli/voice.hpp"
#include "task/cells/cell_dump.hpp"

namespace musclemap::cli {
namespace {

using task::DumpDifference;

struct CompareArguments {
  std::filesystem::path a;
  std::filesystem::path b;
  Voice voice;
};

std::string text_of(const DumpDifference& difference) {
  const std::string name = std::string("(") + difference.stage + ") " + difference.array + ": ";
  if (!difference.problem.empty()) return name + difference.problem;
  if (difference.different == 0) return name + "equal";
  return name + std::to_string(difference.different) + " of " + std::to_string(difference.values) +
         " values differ, by " + base::number_text(difference.largest) + " at most (allowed " +
         base::number_text(difference.allowed) + ")";
}

int run_compare(const CompareArguments& arguments) {
  Console console(arguments.voice);
  bool part = false;
  for (const DumpDifference& difference : task::compare_cell_dumps(arguments.a, arguments.b)) {
    console.result(text_of(difference));
    console.object({{"stage", std::string(1, difference.stage)},
                    {"array", difference.array},
                    {"problem", difference.problem},
                    {"values", difference.values},
                    {"different", difference.different},
                    {"largest", difference.largest},
                    {"allowed", difference.allowed},
                    {"parts", difference.parts()}});
    part = part || difference.parts();
  }
  return part ? kFailed : kDone;
}

}  // namespace

void add_cells_compare_command(CLI::App& app, int& exit_status) {
  auto arguments = std::make_shared<CompareArguments>();
  CLI::App* command = app.add_subcommand("compare", "where two dumps of `cells --dump` part, stage by stage");
  command->add_option("A", arguments->a, "one dump")->option_text("A.npz")->required();
  command->add_option("B", arguments->b, "the other")->option_text("B.npz")->required();
  add_voice_flags(*command, &arguments->voice);
  command->footer([] {
    return examples({{"musclemap cells compare a.npz b.npz", "exit status 1 where a stage parts"}}) +
           exit_statuses();
  });
  command->callback([arguments, &exit_status] { exit_status = run_compare(*arguments); });
}

}  // namespace musclemap::cli
