#include "cli/commands.hpp"
#include "cli/program.hpp"
#include "cli/programs.hpp"

namespace musclemap::cli {

int mm_extract_metrics_main(int argc, char** argv) {
  CLI::App app("Measures muscles: volume, fat, muscle, mean intensity of every label of a label map.",
               "mm_extract_metrics");
  add_general_flags(app);
  int exit_status = 0;
  add_metrics_options(app, exit_status);
  return run_program(app, argc, argv, exit_status);
}

}  // namespace musclemap::cli
