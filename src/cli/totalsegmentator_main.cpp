#include "cli/commands.hpp"
#include "cli/program.hpp"
#include "cli/programs.hpp"
#include "cli/short_names.hpp"

namespace musclemap::cli {

int totalsegmentator_main(int argc, char** argv) {
  CLI::App app("Segments organs, bones, muscles and vessels as TotalSegmentator does, with its weights.",
               "totalsegmentator");
  add_general_flags(app);
  int exit_status = 0;
  ShortNames names;
  add_totalsegmentator_options(app, names, exit_status);
  return run_program_of(names, app, argc, argv, exit_status);
}

}  // namespace musclemap::cli
