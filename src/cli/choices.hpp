// Checks of options' values.
#ifndef MUSCLEMAP_CLI_CHOICES_HPP_
#define MUSCLEMAP_CLI_CHOICES_HPP_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace musclemap::cli {

/// One of the words, any case; the value becomes that word.
CLI::Validator one_of(const std::vector<std::string>& words);

/// A number of bytes such as 4GiB or 500MB (units of 1024); the value becomes that number.
CLI::Validator size_in_bytes();

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_CHOICES_HPP_
