// Flags of the projection of a stack.
#ifndef MUSCLEMAP_CLI_CELL_RANGE_HPP_
#define MUSCLEMAP_CLI_CELL_RANGE_HPP_

#include <CLI/CLI.hpp>

#include "image/steps/project_z.hpp"

namespace musclemap::cli {

/// --projection and --range. `projection` must outlive the parsing.
void add_range_flags(CLI::App& app, image::ZProjection* projection);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_CELL_RANGE_HPP_
