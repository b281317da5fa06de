#include "cli/commands.hpp"
#include "cli/program.hpp"
#include "cli/programs.hpp"

namespace musclemap::cli {
namespace {

using AddOptions = void (*)(CLI::App& app, int& exit_status);

int run_companion(const char* description, const char* name, AddOptions add_options, int argc, char** argv) {
  CLI::App app(description, name);
  add_general_flags(app);
  int exit_status = 0;
  add_options(app, exit_status);
  return run_program(app, argc, argv, exit_status);
}

}  // namespace

int totalseg_get_phase_main(int argc, char** argv) {
  return run_companion("Estimates the contrast phase of a CT.", "totalseg_get_phase", add_phase_options, argc,
                       argv);
}

int totalseg_get_modality_main(int argc, char** argv) {
  return run_companion("Tells CT from MR.", "totalseg_get_modality", add_modality_options, argc, argv);
}

int totalseg_combine_masks_main(int argc, char** argv) {
  return run_companion("Joins classes to one mask.", "totalseg_combine_masks", add_combine_options, argc,
                       argv);
}

}  // namespace musclemap::cli
