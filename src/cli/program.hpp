// What the programs share: exit statuses, parsing.
#ifndef MUSCLEMAP_CLI_PROGRAM_HPP_
#define MUSCLEMAP_CLI_PROGRAM_HPP_

#include <CLI/CLI.hpp>

#include "cli/short_names.hpp"

namespace musclemap::cli {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrongCommandLine = 2;

/// --help and --version; to be called before subcommands are added.
void add_general_flags(CLI::App& app);

/// Parses and runs `app`, whose callbacks set `exit_status` or throw. Errors become one line and a status.
int run_program(CLI::App& app, int argc, char** argv, int& exit_status);

/// The same with short names of several letters.
int run_program_of(const ShortNames& names, CLI::App& app, int argc, char** argv, int& exit_status);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_PROGRAM_HPP_
