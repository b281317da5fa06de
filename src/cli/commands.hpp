// Subcommands of `musclemap`. Their callbacks throw musclemap::Error; the program turns it into a message and
// a status.
#ifndef MUSCLEMAP_CLI_COMMANDS_HPP_
#define MUSCLEMAP_CLI_COMMANDS_HPP_

#include <CLI/CLI.hpp>

namespace musclemap::cli {

/// `model inspect FILE [--json] [--trust-model]`
void add_model_command(CLI::App& app, int& exit_status);

/// `labels export FILE --for VIEWER [-o OUT]`
void add_labels_command(CLI::App& app, int& exit_status);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_COMMANDS_HPP_
