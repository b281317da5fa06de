// Segmenting images one after the other, as `segment` and `run` do.
#ifndef MUSCLEMAP_CLI_SEGMENT_BATCH_HPP_
#define MUSCLEMAP_CLI_SEGMENT_BATCH_HPP_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "musclemap/musclemap.hpp"

namespace musclemap::cli {

struct SegmentArguments {
  std::vector<std::string> images;
  std::string region = "wholebody";
  std::string output;  ///< folder, or the file of one label map; empty: next to the image
  std::string model;
  std::string model_version = "latest";
  std::string use_gpu = "Y";
  double overlap_percent = 90;
  std::string chunk = "auto";
  std::string device;
  std::string precision = "exact";
  std::string engine = "auto";
  std::uint64_t memory = 0;
  std::string suffix = "_dseg";
  std::string picture;  ///< of the labels; empty: none
  int threads = 0;
  bool trust_model = false;
  bool no_sidecar = false;
  bool no_header_text = false;
  bool skip_existing = false;
  bool all_parts = false;
  Voice voice;
};

/// All flags but that of the picture, which belongs to the command.
void add_segment_flags(CLI::App& app, SegmentArguments* arguments);

/// One image of a batch.
struct SegmentJob {
  std::filesystem::path image;
  std::filesystem::path labels;
  std::string outcome;
  bool failed = false;
};

/// Error `argument` for images whose label maps would have one name, or the name of another image.
std::vector<SegmentJob> segment_jobs(const SegmentArguments& arguments);

/// What a command does around the segmentation of an image; each may be empty and may throw.
struct BatchSteps {
  /// Checks what it can before the image is segmented.
  std::function<void(const SegmentJob& job, const ModelBundle& bundle)> before;
  /// Works with the label map once it is there, this time or from before.
  std::function<void(const SegmentJob& job, const ModelBundle& bundle, const RunControl& control)> after;
};

/// Segments the jobs' images. A failed one does not stop the rest. Returns the exit status. Errors of model
/// and engine end it.
int run_segment_batch(const SegmentArguments& arguments, std::vector<SegmentJob> jobs, Console* console,
                      const BatchSteps& steps);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_SEGMENT_BATCH_HPP_
