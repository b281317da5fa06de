// `mm_segment` and `musclemap segment`.
#include <memory>

#include "cli/commands.hpp"
#include "cli/segment_batch.hpp"

namespace musclemap::cli {
namespace {

int run_segment(const SegmentArguments& arguments) {
  Console console(Voice{arguments.json, arguments.quiet});
  return run_segment_batch(arguments, segment_jobs(arguments), &console, {});
}

}  // namespace

void add_segment_options(CLI::App& app, int& exit_status) {
  auto arguments = std::make_shared<SegmentArguments>();
  add_segment_flags(app, arguments.get());
  app.add_option("--qc", arguments->picture, "also draw the labels over the image into this PNG file");
  app.callback([arguments, &exit_status] { exit_status = run_segment(*arguments); });
}

}  // namespace musclemap::cli
