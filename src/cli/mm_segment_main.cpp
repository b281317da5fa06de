#include "cli/commands.hpp"
#include "cli/program.hpp"
#include "musclemap/version.hpp"

int main(int argc, char** argv) {
  CLI::App app("Segments muscles, bones and organs in MRI and CT volumes into a label map.", "mm_segment");
  app.set_version_flag("--version", musclemap::kVersion);
  int exit_status = 0;
  musclemap::cli::add_segment_options(app, exit_status);
  return musclemap::cli::run_program(app, argc, argv, exit_status);
}
