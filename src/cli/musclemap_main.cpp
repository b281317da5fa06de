#include "cli/commands.hpp"
#include "cli/program.hpp"
#include "cli/programs.hpp"
#include "musclemap/version.hpp"

namespace musclemap::cli {

int musclemap_main(int argc, char** argv) {
  CLI::App app("Segments medical images and turns the label maps into numbers.", "musclemap");
  app.set_version_flag("--version", kVersion);
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
  add_bench_command(app, exit_status);
  add_labels_command(app, exit_status);
  add_doctor_command(app, exit_status);
  return run_program(app, argc, argv, exit_status);
}

}  // namespace musclemap::cli
