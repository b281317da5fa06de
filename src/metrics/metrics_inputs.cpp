#include "metrics/metrics_inputs.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "image/grid_check.hpp"
#include "image/length_unit.hpp"
#include "io/nifti/label_extension.hpp"
#include "metrics/metrics_files.hpp"
#include "musclemap/error.hpp"

namespace musclemap::metrics {
namespace {

constexpr std::size_t kSpatialAxes = 3;

std::unique_ptr<NiftiReader> open_volume(const std::filesystem::path& file, const char* what,
                                         std::vector<Warning>* warnings) {
  std::unique_ptr<NiftiReader> reader = open_nifti(file);
  for (const Warning& warning : reader->info().warnings)
    warnings->push_back({warning.code, std::string(what) + ": " + warning.text});
  return reader;
}

bool oriented(const NiftiReader& reader) { return reader.info().affine_source != "none"; }

// As nibabel reads it: header values, in millimetres. An axis that a flat file lacks has the affine's
// spacing.
Spacing header_spacing(const NiftiReader& reader) {
  const NiftiInfo& info = reader.info();
  Spacing spacing = reader.geometry().spacing();
  for (std::size_t axis = 0; axis < std::min(kSpatialAxes, info.pixdim.size()); ++axis) {
    spacing[axis] = info.pixdim[axis] * image::millimetres_per(info.unit);
  }
  return spacing;
}

// NIfTI-1 holds single precision numbers, and MuscleMap multiplies them as such (docs/chains/metrics.md,
// section 2).
double stated_voxel_ml(const NiftiInfo& info, const Spacing& spacing) {
  constexpr double kCubicMillimetresPerMl = 1000.0;
  if (info.nifti_version != 1) return spacing[0] * spacing[1] * spacing[2] / kCubicMillimetresPerMl;
  const float plane = static_cast<float>(spacing[0]) * static_cast<float>(spacing[1]);
  return static_cast<double>(plane * static_cast<float>(spacing[2])) / kCubicMillimetresPerMl;
}

// What the label map's header states, along its own axes; empty, with a warning, where that is no voxel size.
std::optional<Spacing> stated_spacing(const NiftiReader& labels, std::vector<Warning>* warnings) {
  const NiftiInfo& info = labels.info();
  const Spacing spacing = header_spacing(labels);
  const bool usable =
      std::all_of(spacing.begin(), spacing.end(), [](double mm) { return std::isfinite(mm) && mm > 0; });
  if (!usable) {
    warnings->push_back({WarningCode::voxel_size,
                         "label map: the header states no usable voxel size; that of the affine is taken"});
    return std::nullopt;
  }
  const double stated_ml = stated_voxel_ml(info, spacing);
  constexpr double kAgree = 1e-3;
  const double affine_ml = labels.geometry().voxel_ml();
  if (!(std::fabs(stated_ml - affine_ml) <= kAgree * affine_ml)) {
    warnings->push_back(
        {WarningCode::voxel_size, "label map: a voxel has " + base::number_text(stated_ml) +
                                      " ml by the header's voxel size, " + base::number_text(affine_ml) +
                                      " ml by its affine; volumes rest on the first, as MuscleMap's do"});
  }
  return spacing;
}

// Multiplied in the order of the image's axes, so that the order of storage changes no figure.
StatedVoxelSize voxel_size_of(const NiftiInfo& labels, const Spacing& stored,
                              const image::Orientation& axes) {
  Spacing spacing{};
  for (std::size_t axis = 0; axis < kSpatialAxes; ++axis) {
    spacing[static_cast<std::size_t>(axes.ras_axis[axis])] = stored[axis];
  }
  return {spacing, stated_voxel_ml(labels, spacing)};
}

struct FileGrid {
  Geometry grid;
  const char* name;
  bool oriented;
};

FileGrid grid_of(const NiftiReader& reader, const char* name) {
  return {reader.geometry(), name, oriented(reader)};
}

void check_size(const FileGrid& a, const FileGrid& b) {
  constexpr double kEqual = 1e-3;
  const std::string both = std::string("the ") + b.name + " and the " + a.name;
  const Spacing first = a.grid.spacing();
  const Spacing second = b.grid.spacing();
  for (std::size_t axis = 0; axis < kSpatialAxes; ++axis) {
    if (a.grid.shape[axis] != b.grid.shape[axis]) {
      throw Error(ErrorCode::geometry, Reason::geometry,
                  both + " have " + std::to_string(b.grid.shape[axis]) + " and " +
                      std::to_string(a.grid.shape[axis]) + " voxels along axis " + std::to_string(axis + 1));
    }
    if (std::fabs(first[axis] - second[axis]) <= kEqual * first[axis]) continue;
    throw Error(ErrorCode::geometry, Reason::geometry,
                both + " have voxels of " + base::number_text(second[axis]) + " and " +
                    base::number_text(first[axis]) + " mm along axis " + std::to_string(axis + 1));
  }
}

// How `other` lies along the axes of `reference`. Errors are about `file`.
image::Orientation aligned(const FileGrid& reference, const FileGrid& other, double tolerance,
                           const std::filesystem::path& file, std::vector<Warning>* warnings) {
  try {
    if (reference.oriented && other.oriented) {
      const image::GridMatch match =
          image::match_grids({reference.grid, reference.name}, {other.grid, other.name}, tolerance);
      warnings->insert(warnings->end(), match.warnings.begin(), match.warnings.end());
      return match.to_reference;
    }
    check_size(reference, other);
  } catch (const Error& error) {
    throw error.about(file);
  }
  warnings->push_back({WarningCode::orientation,
                       std::string(other.name) + " and " + reference.name +
                           " are taken to lie on one grid, because one of them states no orientation"});
  return {};
}

}  // namespace

std::unique_ptr<AlignedFile> open_on_grid(const std::filesystem::path& file, const AlignedFile& labels,
                                          const char* what, double tolerance,
                                          std::vector<Warning>* warnings) {
  std::unique_ptr<NiftiReader> reader = open_volume(file, what, warnings);
  const FileGrid reference{labels.geometry(), "label map", oriented(labels.file())};
  const image::Orientation axes = aligned(reference, grid_of(*reader, what), tolerance, file, warnings);
  return std::make_unique<AlignedFile>(std::move(reader), axes);
}

namespace {

// Those of the table in the label map's header. A map that cannot be opened is told of where it is needed.
std::vector<Label> labels_inside(const std::filesystem::path& label_map) {
  try {
    return io::labels_in_header(*open_nifti(label_map)->header());
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

MetricsRequest with_files_read(MetricsRequest request, std::vector<Warning>* warnings) {
  if (request.edits.empty() && !request.edits_file.empty())
    request.edits = read_tissue_edits(request.edits_file);
  if (!request.names.empty()) return request;
  if (!request.names_file.empty()) {
    request.names = read_labels(request.names_file);
  } else if (!request.region.empty()) {
    request.names = builtin_label_table(request.region, request.model_version).labels;
  } else {
    RunControl noted;
    noted.on_warning = [&](const Warning& warning) { warnings->push_back(warning); };
    request.names = labels_beside(request.labels, noted);
    if (request.names.empty()) request.names = labels_inside(request.labels);
  }
  return request;
}

MetricsInputs open_metrics_inputs(const MetricsRequest& request) {
  MetricsInputs inputs;
  std::vector<Warning>* const warnings = &inputs.warnings;
  const bool dixon = request.method == MetricsMethod::dixon;
  const std::filesystem::path& file = dixon ? request.fat : request.image;
  const char* const what = dixon ? "fat image" : "image";
  std::unique_ptr<NiftiReader> labels = open_volume(request.labels, "label map", warnings);
  const std::optional<Spacing> stated = stated_spacing(*labels, warnings);
  std::unique_ptr<NiftiReader> image = open_volume(file, what, warnings);
  const image::Orientation axes = aligned(grid_of(*image, what), grid_of(*labels, "label map"),
                                          request.geometry_tolerance, file, warnings);
  if (labels->info().shape.size() < kSpatialAxes) inputs.flat_axis = axes.ras_axis[2];
  if (stated) inputs.voxel_size = voxel_size_of(labels->info(), *stated, axes);
  inputs.labels = std::make_unique<AlignedFile>(std::move(labels), axes);
  inputs.values.push_back(std::make_unique<AlignedFile>(std::move(image), image::Orientation{}));
  if (dixon) {
    inputs.values.push_back(
        open_on_grid(request.water, *inputs.labels, "water image", request.geometry_tolerance, warnings));
  }
  return inputs;
}

}  // namespace musclemap::metrics
