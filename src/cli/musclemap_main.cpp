#include "cli/commands.hpp"
#include "cli/help_sections.hpp"
#include "cli/program.hpp"
#include "cli/programs.hpp"

namespace musclemap::cli {

int musclemap_main(int argc, char** argv) {
  CLI::App app("Segments medical images and turns the label maps into numbers.", "musclemap");
  add_general_flags(app);
  app.require_subcommand(1);
  int exit_status = 0;
  CLI::App* segment = app.add_subcommand("segment", "image in, label map out; the same as mm_segment");
  add_segment_options(*segment, exit_status);
  CLI::App* metrics =
      app.add_subcommand("metrics", "label map in, table out; the same as mm_extract_metrics");
  add_metrics_options(*metrics, exit_status);
  add_run_command(app, exit_status);
  CLI::App* phase = app.add_subcommand("phase", "contrast phase of a CT; the same as totalseg_get_phase");
  add_phase_options(*phase, exit_status);
  CLI::App* modality =
      app.add_subcommand("modality", "CT or MR, from an image; the same as totalseg_get_modality");
  add_modality_options(*modality, exit_status);
  CLI::App* combine =
      app.add_subcommand("combine", "classes joined to one mask; the same as totalseg_combine_masks");
  add_combine_options(*combine, exit_status);
  add_radiomics_command(app, exit_status);
  CLI::App* import = app.add_subcommand(
      "import", "an archive of weights put in its place; the same as totalseg_import_weights");
  add_import_options(*import, exit_status);
  add_fetch_command(app, argv);
  add_info_command(app, exit_status);
  add_model_command(app, exit_status);
  add_task_command(app, exit_status);
  add_bench_command(app, exit_status);
  add_cells_command(app, exit_status);
  add_labels_command(app, exit_status);
  add_doctor_command(app, exit_status);
  app.footer([] {
    return examples({{"musclemap run -i scan.nii.gz -m model.pth", "label map, table, masks and picture"},
                     {"musclemap COMMAND --help", "the options of a command"}}) +
           exit_statuses() + environment_variables();
  });
  return run_program(app, argc, argv, exit_status);
}

}  // namespace musclemap::cli
