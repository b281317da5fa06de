#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "convert.hpp"
#include "guard.hpp"
#include "handles.hpp"
#include "running.hpp"
#include "slab_source.hpp"

namespace capi = musclemap::capi;
using musclemap::Device;
using musclemap::EngineChoice;
using musclemap::Error;
using musclemap::ErrorCode;
using musclemap::Precision;
using musclemap::RunControl;
using musclemap::SegmentOptions;
using musclemap::SegmentReport;

namespace {

SegmentOptions segment_options(const mm_segment_options* options) {
  const mm_segment_options own = capi::taken_or_default(options, "options");
  SegmentOptions result;
  switch (own.device) {
    case MM_DEVICE_AUTO:
      if (own.device_index == 0) break;
      throw Error(ErrorCode::argument, "options.device_index belongs to MM_DEVICE_CUDA");
    case MM_DEVICE_CPU:
    case MM_DEVICE_CUDA:
      result.device = Device{own.device == MM_DEVICE_CUDA ? Device::cuda : Device::cpu, own.device_index};
      break;
    default:
      throw Error(ErrorCode::argument,
                  "options.device is " + std::to_string(own.device) + "; 0 to 2 are allowed");
  }
  // Numbers and ranges are those of the C++ interface, which checks them.
  result.engine = static_cast<EngineChoice>(own.engine);
  result.precision = static_cast<Precision>(own.precision);
  if (own.overlap != 0) result.overlap = own.overlap == MM_NO_OVERLAP ? 0 : own.overlap;
  result.windows_per_batch = own.windows_per_batch;
  result.chunk_slices = own.chunk_slices;
  result.all_parts = own.all_parts != 0;
  result.torch_threads = own.torch_threads;
  return result;
}

}  // namespace

mm_status mm_segmenter_create(const mm_bundle* bundle, const mm_segment_options* options,
                              const mm_run_options* run, mm_segmenter** out) noexcept {
  return capi::guarded([&] {
    const mm_bundle& model = capi::checked(bundle, "bundle");
    capi::required(out, "out");
    const SegmentOptions own = segment_options(options);
    *out = std::make_unique<mm_segmenter>(musclemap::Segmenter(model.bundle, own, capi::run_control(run)))
               .release();
  });
}

mm_status mm_segmenter_create_of_task(const mm_task* task, const mm_segment_options* options,
                                      const mm_run_options* run, mm_segmenter** out) noexcept {
  return capi::guarded([&] {
    const mm_task& own_task = capi::checked(task, "task");
    capi::required(out, "out");
    const SegmentOptions own = segment_options(options);
    *out = std::make_unique<mm_segmenter>(musclemap::Segmenter(own_task.task, own, capi::run_control(run)))
               .release();
  });
}

mm_status mm_segmenter_run(mm_segmenter* segmenter, const mm_volume* image, const mm_run_options* run,
                           mm_volume** labels_out) noexcept {
  return capi::guarded([&] {
    mm_segmenter& own = capi::checked(segmenter, "segmenter");
    const musclemap::Volume source = capi::checked(image, "image").volume;
    capi::required(labels_out, "labels_out");
    const RunControl control = capi::run_control(run);
    const capi::Changing only_one(own, "segmenter");
    const capi::Running running(own, control.cancel);
    *labels_out = std::make_unique<mm_volume>(own.segmenter.run(source, control)).release();
  });
}

mm_status mm_segmenter_run_slabs(mm_segmenter* segmenter, const mm_slab_source* source,
                                 const mm_run_options* run, mm_volume** labels_out) noexcept {
  return capi::guarded([&] {
    mm_segmenter& own = capi::checked(segmenter, "segmenter");
    capi::CallerSlabs slabs(source);
    capi::required(labels_out, "labels_out");
    const RunControl control = capi::run_control(run);
    const capi::Changing only_one(own, "segmenter");
    const capi::Running running(own, control.cancel);
    *labels_out = std::make_unique<mm_volume>(own.segmenter.run(slabs, control)).release();
  });
}

mm_status mm_segmenter_run_file(mm_segmenter* segmenter, const char* image_path, const char* labels_path,
                                const mm_segment_file_options* options, const mm_run_options* run) noexcept {
  return capi::guarded([&] {
    mm_segmenter& own = capi::checked(segmenter, "segmenter");
    capi::required(image_path, "image_path");
    capi::required(labels_path, "labels_path");
    const mm_segment_file_options given = capi::taken_or_default(options, "options");
    musclemap::SegmentFileOptions file_options;
    file_options.sidecar = given.no_sidecar == 0;
    file_options.picture = capi::text_or_empty(given.picture);
    file_options.header_text = given.no_header_text == 0;
    const RunControl control = capi::run_control(run);
    const capi::Changing only_one(own, "segmenter");
    const capi::Running running(own, control.cancel);
    musclemap::segment_file(own.segmenter, image_path, labels_path, file_options, control);
  });
}

mm_status mm_segmenter_peak_bytes(const mm_segmenter* segmenter, const mm_volume_desc* image,
                                  const mm_run_options* run, uint64_t* out) noexcept {
  return capi::guarded([&] {
    const mm_segmenter& own = capi::checked(segmenter, "segmenter");
    capi::required(image, "image");
    capi::required(out, "out");
    const musclemap::Geometry geometry = capi::geometry_of(capi::taken(image, "image"));
    capi::check_shape(geometry.shape, "image.shape");
    const RunControl control = capi::run_control(run);
    const capi::Reading reading(own, "segmenter");
    *out = own.segmenter.peak_bytes(geometry, control);
  });
}

mm_status mm_segmenter_report(const mm_segmenter* segmenter, mm_segment_report* out) noexcept {
  return capi::guarded([&] {
    const mm_segmenter& own = capi::checked(segmenter, "segmenter");
    const capi::Result<mm_segment_report> result(out, "out");
    const capi::Reading reading(own, "segmenter");
    const SegmentReport& report = own.segmenter.report();
    mm_segment_report given{};
    given.engine = report.engine.c_str();
    given.device = report.device.c_str();
    given.device_reason = report.device_reason.c_str();
    given.overlap = report.overlap;
    given.prepare_seconds = report.prepare_seconds;
    given.infer_seconds = report.infer_seconds;
    given.filter_seconds = report.filter_seconds;
    given.windows = report.windows;
    given.nonfinite_voxels = report.nonfinite_voxels;
    given.beyond_float32_voxels = report.beyond_float32_voxels;
    given.engine_reason = report.engine_reason.c_str();
    given.engine_check = report.engine_check.c_str();
    given.precision = report.precision == Precision::fast ? MM_PRECISION_FAST : MM_PRECISION_EXACT;
    result.give(given);
  });
}

void mm_segmenter_cancel(mm_segmenter* segmenter) noexcept {
  if (!capi::may_free(segmenter)) return;
  capi::guarded([&] {
    const std::lock_guard<std::mutex> lock(segmenter->mutex);
    if (segmenter->running) segmenter->running->cancel();
  });
}

void mm_segmenter_free(mm_segmenter* segmenter) noexcept {
  if (capi::may_free(segmenter)) delete segmenter;
}
