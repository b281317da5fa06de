// The program with all subcommands.
#include <CLI/CLI.hpp>

#include "cli/info_command.hpp"

namespace {

constexpr int kBadCommandLine = 2;

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Muscles and fat in medical images", "musclemap");
  app.require_subcommand(1);
  int status = 0;
  musclemap::cli::add_info_command(app, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kBadCommandLine;
  }
  return status;
}
