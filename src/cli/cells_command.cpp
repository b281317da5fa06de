// `musclemap cells`: pictures of a microscope in, masks of single cells out.
#include "cli/commands.hpp"

namespace musclemap::cli {

void add_cells_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("cells", "masks of single cells");
  command->require_subcommand(1);
  add_cells_masks_command(*command, exit_status);
}

}  // namespace musclemap::cli
