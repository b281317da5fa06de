// The files that are measured, opened and checked against each other.
#ifndef MUSCLEMAP_PIPELINE_METRICS_INPUTS_HPP_
#define MUSCLEMAP_PIPELINE_METRICS_INPUTS_HPP_

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "musclemap/metrics.hpp"
#include "musclemap/nifti.hpp"

namespace musclemap::pipeline {

struct MetricsInputs {
  std::unique_ptr<NiftiReader> labels;
  /// The image, or fat and water.
  std::vector<std::unique_ptr<NiftiReader>> values;
  std::optional<StatedVoxelSize> voxel_size;
  std::vector<Warning> warnings;
};

/// Errors: those of open_nifti(); `unsupported` for fewer than three axes; `geometry`. Each names its file.
MetricsInputs open_metrics_inputs(const MetricsRequest& request);

/// A file that must lie on the label map's grid. A file without an orientation is compared by shape and voxel
/// size alone, with a warning.
std::unique_ptr<NiftiReader> open_on_grid(const std::filesystem::path& file, const NiftiReader& labels,
                                          const char* what, std::vector<Warning>* warnings);

}  // namespace musclemap::pipeline

#endif  // MUSCLEMAP_PIPELINE_METRICS_INPUTS_HPP_
