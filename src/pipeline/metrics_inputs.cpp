#include "pipeline/metrics_inputs.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "image/grid_check.hpp"
#include "image/length_unit.hpp"
#include "musclemap/error.hpp"

namespace musclemap::pipeline {
namespace {

constexpr std::size_t kSpatialAxes = 3;

std::unique_ptr<NiftiReader> open_volume(const std::filesystem::path& file, const char* what,
                                         std::vector<Warning>* warnings) {
  std::unique_ptr<NiftiReader> reader = open_nifti(file);
  const std::size_t axes = reader->info().shape.size();
  if (axes < kSpatialAxes) {
    throw Error(ErrorCode::unsupported, Reason::unsupported,
                "has " + std::to_string(axes) + " axes; a volume of 3 is needed", file);
  }
  for (const Warning& warning : reader->info().warnings)
    warnings->push_back({warning.code, std::string(what) + ": " + warning.text});
  return reader;
}

bool oriented(const NiftiReader& reader) { return reader.info().affine_source != "none"; }

// As nibabel reads it: header values, in millimetres.
Spacing stated_spacing(const NiftiInfo& info) {
  Spacing spacing{};
  for (std::size_t axis = 0; axis < kSpatialAxes; ++axis) {
    spacing[axis] = info.pixdim[axis] * image::millimetres_per(info.unit);
  }
  return spacing;
}

// NIfTI-1 holds single precision numbers, and MuscleMap multiplies them as such (spec, section 2).
double stated_voxel_ml(const NiftiInfo& info, const Spacing& spacing) {
  constexpr double kCubicMillimetresPerMl = 1000.0;
  if (info.nifti_version != 1) return spacing[0] * spacing[1] * spacing[2] / kCubicMillimetresPerMl;
  const float plane = static_cast<float>(spacing[0]) * static_cast<float>(spacing[1]);
  return static_cast<double>(plane * static_cast<float>(spacing[2])) / kCubicMillimetresPerMl;
}

std::optional<StatedVoxelSize> voxel_size_of(const NiftiReader& labels, std::vector<Warning>* warnings) {
  const NiftiInfo& info = labels.info();
  const Spacing spacing = stated_spacing(info);
  const bool usable =
      std::all_of(spacing.begin(), spacing.end(), [](double mm) { return std::isfinite(mm) && mm > 0; });
  if (!usable) {
    warnings->push_back({WarningCode::voxel_size,
                         "label map: the header states no usable voxel size; that of the affine is taken"});
    return std::nullopt;
  }
  const StatedVoxelSize stated{spacing, stated_voxel_ml(info, spacing)};
  constexpr double kAgree = 1e-3;
  const double affine_ml = labels.geometry().voxel_ml();
  if (!(std::fabs(stated.voxel_ml - affine_ml) <= kAgree * affine_ml)) {
    warnings->push_back(
        {WarningCode::voxel_size, "label map: a voxel has " + base::number_text(stated.voxel_ml) +
                                      " ml by the header's voxel size, " + base::number_text(affine_ml) +
                                      " ml by its affine; volumes rest on the first, as MuscleMap's do"});
  }
  return stated;
}

void check_spacing(const NiftiReader& a, const NiftiReader& b, const char* what) {
  constexpr double kEqual = 1e-3;
  const Spacing first = a.geometry().spacing();
  const Spacing second = b.geometry().spacing();
  for (std::size_t axis = 0; axis < kSpatialAxes; ++axis) {
    if (std::fabs(first[axis] - second[axis]) <= kEqual * first[axis]) continue;
    throw Error(ErrorCode::geometry, std::string("the label map and the ") + what + " have voxels of " +
                                         base::number_text(first[axis]) + " and " +
                                         base::number_text(second[axis]) + " mm along axis " +
                                         std::to_string(axis + 1));
  }
}

}  // namespace

std::unique_ptr<NiftiReader> open_on_grid(const std::filesystem::path& file, const NiftiReader& labels,
                                          const char* what, std::vector<Warning>* warnings) {
  std::unique_ptr<NiftiReader> reader = open_volume(file, what, warnings);
  try {
    if (oriented(*reader) && oriented(labels)) {
      image::check_same_grid(labels.geometry(), "label map", reader->geometry(), what);
      return reader;
    }
    Geometry moved = reader->geometry();
    if (moved.shape == labels.geometry().shape) moved = labels.geometry();
    image::check_same_grid(labels.geometry(), "label map", moved, what);  // shapes
    check_spacing(labels, *reader, what);
  } catch (const Error& error) {
    throw error.about(file);
  }
  warnings->push_back({WarningCode::orientation,
                       std::string("label map and ") + what +
                           " are taken to lie on one grid, because one of them states no orientation"});
  return reader;
}

MetricsInputs open_metrics_inputs(const MetricsRequest& request) {
  MetricsInputs inputs;
  inputs.labels = open_volume(request.labels, "label map", &inputs.warnings);
  inputs.voxel_size = voxel_size_of(*inputs.labels, &inputs.warnings);
  const auto add = [&](const std::filesystem::path& file, const char* what) {
    inputs.values.push_back(open_on_grid(file, *inputs.labels, what, &inputs.warnings));
  };
  if (request.method == MetricsMethod::dixon) {
    add(request.fat, "fat image");
    add(request.water, "water image");
  } else {
    add(request.image, "image");
  }
  return inputs;
}

}  // namespace musclemap::pipeline
