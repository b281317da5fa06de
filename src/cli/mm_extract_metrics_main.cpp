#include "cli/commands.hpp"
#include "cli/program.hpp"
#include "musclemap/version.hpp"

int main(int argc, char** argv) {
  CLI::App app("Measures muscles: volume, fat, muscle, mean intensity of every label of a label map.",
               "mm_extract_metrics");
  app.set_version_flag("--version", musclemap::kVersion);
  int exit_status = 0;
  musclemap::cli::add_metrics_options(app, exit_status);
  return musclemap::cli::run_program(app, argc, argv, exit_status);
}
