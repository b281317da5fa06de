// Segmenting images one after the other, as `segment` and `run` do.
#ifndef MUSCLEMAP_CLI_SEGMENT_BATCH_HPP_
#define MUSCLEMAP_CLI_SEGMENT_BATCH_HPP_

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "batch/segment_batch.hpp"
#include "cli/console.hpp"
#include "musclemap/musclemap.hpp"

namespace musclemap::cli {

struct SegmentArguments {
  std::vector<std::string> images;
  std::string region = "wholebody";
  std::string model;
  std::string model_version = "latest";
  std::string device;  ///< empty: as use_gpu says
  std::string use_gpu = "Y";
  ModelOpenOptions open;
  SegmentOptions options;
  RunControl control;
  batch::BatchRequest batch;
  std::string task;  ///< empty: a model
  TaskOptions task_options;
  Voice voice;
};

/// All flags but that of the picture, which belongs to the command.
void add_segment_flags(CLI::App& app, SegmentArguments* arguments);

/// Those of the images that the arguments name. Errors as those of batch::jobs_of().
std::vector<batch::Job> segment_jobs(SegmentArguments* arguments);

/// What a command does with each image; each may be empty and may throw.
struct ImageSteps {
  /// Checks what it can before the image is segmented.
  std::function<void(const batch::Job& job, const ModelBundle& bundle)> before;
  /// Works with the label map once it is there, this time or from before.
  std::function<void(const batch::Job& job, const ModelBundle& bundle, const RunControl& control)> after;
};

/// Those that the arguments name.
SegmentOptions segment_options(const SegmentArguments& arguments);

/// batch::run_batch() with the console told. Returns the exit status.
int run_segment_batch(const SegmentArguments& arguments, std::vector<batch::Job> jobs, Console* console,
                      const ImageSteps& steps);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_SEGMENT_BATCH_HPP_
