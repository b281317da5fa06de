#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "convert.hpp"
#include "guard.hpp"
#include "handles.hpp"

namespace capi = musclemap::capi;
using musclemap::Error;
using musclemap::ErrorCode;
using musclemap::MapChoice;
using musclemap::MeasureOptions;
using musclemap::Metrics;
using musclemap::MetricsMethod;
using musclemap::MetricsRequest;
using musclemap::RunControl;

namespace {

MeasureOptions measure_options(const mm_measure_options* options, const RunControl& control) {
  const mm_measure_options own = capi::taken_or_default(options, "options");
  MeasureOptions result;
  result.control = control;
  result.section_axis = capi::section_axis(own.section_axis, "options.section_axis");
  if (own.geometry_tolerance != 0) result.geometry_tolerance = own.geometry_tolerance;
  const double(&spacing)[3] = own.stated_spacing_mm;
  const bool stated = spacing[0] != 0 || spacing[1] != 0 || spacing[2] != 0 || own.stated_voxel_ml != 0;
  if (!stated) return result;
  result.stated = musclemap::StatedVoxelSize{{spacing[0], spacing[1], spacing[2]}, own.stated_voxel_ml};
  return result;
}

// Both or neither.
void give(Metrics&& metrics, std::vector<std::filesystem::path> files, mm_table** slices_out,
          mm_table** out) {
  auto slices = std::make_unique<mm_table>(std::move(metrics.slices));
  auto labels = std::make_unique<mm_table>(std::move(metrics.labels));
  labels->files = std::move(files);
  if (slices_out != nullptr) *slices_out = slices.release();
  *out = labels.release();
}

MetricsRequest request_of(const mm_metrics_request& own) {
  MetricsRequest request;
  request.method =
      capi::checked_enum(own.method, MetricsMethod::average, MetricsMethod::hu, "request.method");
  request.image = capi::text_or_empty(own.image);
  request.fat = capi::text_or_empty(own.fat);
  request.water = capi::text_or_empty(own.water);
  request.labels = capi::text_or_empty(own.labels);
  if (own.names != nullptr) {
    request.names = capi::names_of(own.names);
    request.names_file = own.names->file;
  }
  request.region = capi::text_or_empty(own.region);
  if (own.model_version != nullptr) request.model_version = own.model_version;
  request.tissue = capi::tissue_options(own.tissue);
  request.table = capi::table_options(own.table);
  request.edits_file = capi::text_or_empty(own.edits_file);
  request.output_folder = capi::text_or_empty(own.output_folder);
  request.picture = capi::text_or_empty(own.picture);
  request.per_slice = own.per_slice != 0;
  request.maps = capi::enum_or(own.maps, MapChoice::all, MapChoice::none, MapChoice::all, "request.maps");
  request.compat_types = own.compat_types != 0;
  request.sidecar = own.no_sidecar == 0;
  request.section_axis = capi::section_axis(own.section_axis, "request.section_axis");
  if (own.geometry_tolerance != 0) request.geometry_tolerance = own.geometry_tolerance;
  request.header_text = own.no_header_text == 0;
  return request;
}

}  // namespace

mm_status mm_measure(const mm_tissue* tissue, const mm_labels* names, const mm_measure_options* options,
                     const mm_run_options* run, mm_table** slices_out, mm_table** out) noexcept {
  return capi::guarded([&] {
    const mm_tissue& own = capi::checked(tissue, "tissue");
    capi::required(out, "out");
    const RunControl control = capi::run_control(run);
    const capi::Reading reading(own, "tissue");
    Metrics metrics = musclemap::measure(own.map, capi::names_of(names), measure_options(options, control));
    give(std::move(metrics), {}, slices_out, out);
  });
}

mm_status mm_measure_mean(const mm_volume* labels, const mm_volume* values, int32_t value_kind,
                          const mm_labels* names, const mm_measure_options* options,
                          const mm_run_options* run, mm_table** slices_out, mm_table** out) noexcept {
  return capi::guarded([&] {
    const musclemap::Volume map = capi::checked(labels, "labels").volume;
    const musclemap::Volume measured = capi::checked(values, "values").volume;
    capi::required(out, "out");
    const auto kind = capi::checked_enum(value_kind, musclemap::ValueKind::intensity,
                                         musclemap::ValueKind::fat_fraction, "value_kind");
    const RunControl control = capi::run_control(run);
    Metrics metrics = musclemap::measure_mean(map, measured, kind, capi::names_of(names),
                                              measure_options(options, control));
    give(std::move(metrics), {}, slices_out, out);
  });
}

mm_status mm_extract_metrics(const mm_metrics_request* request, const mm_run_options* run,
                             mm_table** slices_out, mm_table** out) noexcept {
  return capi::guarded([&] {
    capi::required(request, "request");
    capi::required(out, "out");
    const RunControl control = capi::run_control(run);
    musclemap::MetricsReport report =
        musclemap::extract_metrics(request_of(capi::taken(request, "request")), control);
    give(std::move(report.metrics), std::move(report.files), slices_out, out);
  });
}
