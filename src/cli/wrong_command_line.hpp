// What was wrong with a command line, and where to read what is right.
#ifndef MUSCLEMAP_CLI_WRONG_COMMAND_LINE_HPP_
#define MUSCLEMAP_CLI_WRONG_COMMAND_LINE_HPP_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace musclemap::cli {

/// "unknown option --overlp; did you mean --overlap? see mm_segment --help". What is unknown is named before
/// what is missing.
std::string wrong_command_line(const CLI::App& app, const CLI::ParseError& error,
                               const std::vector<std::string>& arguments);

/// True where a command that has subcommands was named without one, and nothing else.
bool only_names_a_group(const CLI::App& app);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_WRONG_COMMAND_LINE_HPP_
