// Flags of the way from flows to masks, which `cells` and `cells masks` share.
#ifndef MUSCLEMAP_CLI_CELL_MASK_FLAGS_HPP_
#define MUSCLEMAP_CLI_CELL_MASK_FLAGS_HPP_

#include <CLI/CLI.hpp>

#include "musclemap/cells.hpp"

namespace musclemap::cli {

/// In the group "Masks"; without the number of steps, which each has in a way of its own. `options` must
/// outlive the parsing.
void add_cell_mask_flags(CLI::App& app, CellMaskOptions* options);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_CELL_MASK_FLAGS_HPP_
