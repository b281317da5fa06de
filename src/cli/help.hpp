// What --help prints.
#ifndef MUSCLEMAP_CLI_HELP_HPP_
#define MUSCLEMAP_CLI_HELP_HPP_

#include <CLI/CLI.hpp>
#include <cstddef>
#include <string>

namespace musclemap::cli {

/// Of the command: usage, subcommands, options by group (those of "Options" last), then its footer. A line of
/// the footer with a tab is a term and its meaning. What stands for a
/// value is its option's text.
std::string help_text(const CLI::App& command, std::size_t columns);

/// The last subcommand that was named on the command line; `app` itself where there is none.
const CLI::App& chosen_command(const CLI::App& app);

/// "musclemap model inspect"
std::string full_name(const CLI::App& command);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_HELP_HPP_
