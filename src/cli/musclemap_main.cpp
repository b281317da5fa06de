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
  add_info_command(app, exit_status);
  add_model_command(app, exit_status);
  add_task_command(app, exit_status);
  add_bench_command(app, exit_status);
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
