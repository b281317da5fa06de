// Parts of help that commands share. Each is a title and its lines, with an empty line before it.
#ifndef MUSCLEMAP_CLI_HELP_SECTIONS_HPP_
#define MUSCLEMAP_CLI_HELP_SECTIONS_HPP_

#include <string>
#include <utility>
#include <vector>

namespace musclemap::cli {

/// Command lines, each with what it does.
std::string examples(const std::vector<std::pair<std::string, std::string>>& lines);

std::string exit_statuses();

/// Of commands that open a model.
std::string environment_variables();

/// What -r of mm_segment may be.
std::string regions_of_models();

/// Those whose table of label names is built in, with its versions.
std::string regions_of_tables();

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_HELP_SECTIONS_HPP_
