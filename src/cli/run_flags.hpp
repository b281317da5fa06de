// Flags of the numbers of RunControl, in the group "Computing".
#ifndef MUSCLEMAP_CLI_RUN_FLAGS_HPP_
#define MUSCLEMAP_CLI_RUN_FLAGS_HPP_

#include <CLI/CLI.hpp>
#include <string>

#include "musclemap/run.hpp"

namespace musclemap::cli {

/// --threads and --memory. `control` must outlive the parsing.
void add_run_flags(CLI::App& app, RunControl* control, const std::string& memory_help);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_RUN_FLAGS_HPP_
