// What the programs share: exit statuses, parsing, interruption.
#ifndef MUSCLEMAP_CLI_PROGRAM_HPP_
#define MUSCLEMAP_CLI_PROGRAM_HPP_

#include <CLI/CLI.hpp>

#include "musclemap/run.hpp"

namespace musclemap::cli {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrongCommandLine = 2;
inline constexpr int kInterrupted = 130;

/// Parses and runs `app`, whose callbacks set `exit_status` or throw. Errors become one line and a status.
int run_program(CLI::App& app, int argc, char** argv, int& exit_status);

/// Set by the first Ctrl-C or SIGTERM; a second one ends the process at once. Installed on the first call.
CancelToken interrupt_token();

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_PROGRAM_HPP_
