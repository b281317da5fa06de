// Inputs that are not there.
#ifndef MUSCLEMAP_CLI_MISSING_FILES_HPP_
#define MUSCLEMAP_CLI_MISSING_FILES_HPP_

#include <filesystem>
#include <vector>

#include "cli/console.hpp"

namespace musclemap::cli {

/// Tells each that is not there, empty names aside; true where all are.
bool all_are_there(const std::vector<std::filesystem::path>& files, Console* console);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_MISSING_FILES_HPP_
