#include <functional>

#include "cli/commands.hpp"
#include "cli/program.hpp"
#include "cli/programs.hpp"

namespace musclemap::cli {
namespace {

using AddOptions = std::function<void(CLI::App& app, int& exit_status, ShortNames& names)>;

int run_companion(const char* description, const char* name, const AddOptions& add_options, int argc,
                  char** argv) {
  CLI::App app(description, name);
  add_general_flags(app);
  int exit_status = 0;
  ShortNames names;
  add_options(app, exit_status, names);
  return run_program_of(names, app, argc, argv, exit_status);
}

AddOptions plain(void (*add_options)(CLI::App& app, int& exit_status)) {
  return [add_options](CLI::App& app, int& exit_status, ShortNames& /*names*/) {
    add_options(app, exit_status);
  };
}

}  // namespace

int totalseg_get_phase_main(int argc, char** argv) {
  return run_companion("Estimates the contrast phase of a CT.", "totalseg_get_phase",
                       plain(add_phase_options), argc, argv);
}

int totalseg_get_modality_main(int argc, char** argv) {
  return run_companion("Tells CT from MR.", "totalseg_get_modality", plain(add_modality_options), argc, argv);
}

int totalseg_combine_masks_main(int argc, char** argv) {
  return run_companion("Joins classes to one mask.", "totalseg_combine_masks", plain(add_combine_options),
                       argc, argv);
}

int totalseg_info_main(int argc, char** argv) {
  return run_companion(
      "Lists TotalSegmentator's tasks and their classes.", "totalseg_info",
      [](CLI::App& app, int& exit_status, ShortNames& names) {
        add_task_info_options(app, exit_status, &names);
      },
      argc, argv);
}

int totalseg_import_weights_main(int argc, char** argv) {
  return run_companion("Puts an archive of weights where they are looked for.", "totalseg_import_weights",
                       plain(add_import_options), argc, argv);
}

int totalseg_download_weights_main(int argc, char** argv) {
  return run_companion(
      "Says where weights come from; nothing is fetched.", "totalseg_download_weights",
      [](CLI::App& app, int& /*exit_status*/, ShortNames& /*names*/) { add_download_options(app); }, argc,
      argv);
}

int totalseg_set_license_main(int argc, char** argv) {
  return run_companion(
      "Says where weights that need a licence come from; no number is kept.", "totalseg_set_license",
      [](CLI::App& app, int& /*exit_status*/, ShortNames& names) { add_license_options(app, names); }, argc,
      argv);
}

}  // namespace musclemap::cli
