#include "cli/commands.hpp"
#include "cli/program.hpp"
#include "cli/programs.hpp"

namespace musclemap::cli {

int mm_segment_main(int argc, char** argv) {
  CLI::App app("Segments muscles, bones and organs in MRI and CT volumes into a label map.", "mm_segment");
  add_general_flags(app);
  int exit_status = 0;
  add_segment_options(app, exit_status);
  return run_program(app, argc, argv, exit_status);
}

}  // namespace musclemap::cli
