// Text of the command line to values.
#ifndef MUSCLEMAP_CLI_ARGUMENTS_HPP_
#define MUSCLEMAP_CLI_ARGUMENTS_HPP_

#include <filesystem>
#include <string>
#include <vector>

namespace musclemap::cli {

/// Every argument is a file, or a comma-separated list of files with blanks around them; an argument that
/// names an existing file is never split.
std::vector<std::filesystem::path> parse_images(const std::vector<std::string>& arguments);

/// The parts between commas, without blanks around them; empty parts are left out.
std::vector<std::string> split_at_commas(const std::string& text);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_ARGUMENTS_HPP_
