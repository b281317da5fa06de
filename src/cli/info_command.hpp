// musclemap info: what is in a NIfTI file.
#ifndef MUSCLEMAP_CLI_INFO_COMMAND_HPP_
#define MUSCLEMAP_CLI_INFO_COMMAND_HPP_

#include <CLI/CLI.hpp>

namespace musclemap::cli {

/// Adds the subcommand. If the command line names it, it runs inside app.parse() and leaves its exit status,
/// 0 or 1, in `status`, which must outlive `app`.
void add_info_command(CLI::App& app, int& status);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_INFO_COMMAND_HPP_
