// `mm_segment` and `musclemap segment`.
#include <memory>

#include "cli/commands.hpp"
#include "cli/help_sections.hpp"
#include "cli/option_flags.hpp"
#include "cli/segment_batch.hpp"
#include "task/segment_options.hpp"

namespace musclemap::cli {
namespace {

int run_segment(SegmentArguments& arguments) {
  Console console(arguments.voice);
  return run_segment_batch(arguments, segment_jobs(&arguments), &console, {});
}

}  // namespace

void add_segment_options(CLI::App& app, int& exit_status) {
  auto arguments = std::make_shared<SegmentArguments>();
  add_segment_flags(app, arguments.get());
  OptionFlags(app, &arguments->batch.files)
      .add("--qc", &SegmentFileOptions::picture)
      ->group("Input and output");
  app.footer([] {
    return examples(
               {{"mm_segment -i scan.nii.gz -m model.pth",
                 "scan_dseg.nii.gz and its .json, beside the image"},
                {"mm_segment -i a.nii.gz -i b.nii.gz -r thigh -o out", "two images, a model by its name"},
                {"mm_segment -i scan.nii.gz -m model.pth --qc qc.png", "with a picture of the labels"}}) +
           regions_of_models() + exit_statuses() + environment_variables();
  });
  app.callback([arguments, &exit_status] { exit_status = run_segment(*arguments); });
}

}  // namespace musclemap::cli
