// How a command speaks.
#ifndef MUSCLEMAP_CLI_VOICE_HPP_
#define MUSCLEMAP_CLI_VOICE_HPP_

#include <CLI/CLI.hpp>

namespace musclemap::cli {

struct Voice {
  bool json = false;   ///< one object a line on standard output in place of prose
  bool quiet = false;  ///< errors alone
};

/// --quiet and --json.
void add_voice_flags(CLI::App& app, Voice* voice);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_VOICE_HPP_
