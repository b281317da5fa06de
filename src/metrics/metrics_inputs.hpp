// The files that are measured, opened and checked against each other.
#ifndef MUSCLEMAP_METRICS_METRICS_INPUTS_HPP_
#define MUSCLEMAP_METRICS_METRICS_INPUTS_HPP_

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "metrics/aligned_file.hpp"
#include "musclemap/metrics.hpp"

namespace musclemap::metrics {

/// The request with the names and edits that it points to. Errors: those of read_labels(),
/// builtin_label_table() and read_tissue_edits().
MetricsRequest with_files_read(MetricsRequest request, std::vector<Warning>* warnings);

/// All along the axes of the image (dixon: of the fat image).
struct MetricsInputs {
  std::unique_ptr<AlignedFile> labels;
  /// The image, or fat and water.
  std::vector<std::unique_ptr<AlignedFile>> values;
  std::optional<StatedVoxelSize> voxel_size;
  std::optional<int> flat_axis;  ///< that a flat label map lacks: it is one slice
  std::vector<Warning> warnings;
};

/// Errors: those of open_nifti(); `geometry`. Each names its file.
MetricsInputs open_metrics_inputs(const MetricsRequest& request);

/// A file that must lie on the label map's grid, stored along any axes. A file without an orientation is
/// compared by shape and voxel size alone, with a warning.
std::unique_ptr<AlignedFile> open_on_grid(const std::filesystem::path& file, const AlignedFile& labels,
                                          const char* what, double tolerance, std::vector<Warning>* warnings);

}  // namespace musclemap::metrics

#endif  // MUSCLEMAP_METRICS_METRICS_INPUTS_HPP_
