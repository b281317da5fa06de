#include "batch/measured_job.hpp"

#include "io/files/output_guard.hpp"
#include "io/nifti/nifti_paths.hpp"
#include "metrics/metrics_files.hpp"
#include "task/bundle_state.hpp"

namespace musclemap::batch {
namespace {

// That of the label map, which may lie elsewhere than the image that results are named after.
std::filesystem::path folder_of(const MetricsRequest& request) {
  const std::filesystem::path folder = request.labels.parent_path();
  return folder.empty() && metrics::leading_image(request).has_parent_path() ? "." : folder;
}

}  // namespace

MetricsRequest measured(const MetricsRequest& common, const Job& job) {
  MetricsRequest request = common;
  if (request.method != MetricsMethod::dixon) request.image = job.image;
  request.labels = job.labels;
  request.output_folder = folder_of(request);
  return request;
}

MetricsRequest measured(const MetricsRequest& common, const Job& job, const ModelBundle& bundle) {
  MetricsRequest request = measured(common, job);
  request.names = bundle.labels();
  request.names_file = bundle.state().opened;
  return request;
}

std::filesystem::path picture_of(const Job& job) {
  return job.labels.parent_path() / (io::image_stem(job.image) + "_qc.png");
}

void check_results(const MetricsRequest& request) {
  io::OutputGuard guard;
  guard.reads(io::sidecar_path(request.labels), "JSON beside the label map");
  metrics::check_metrics_outputs(request, metrics::metrics_files(request), &guard);
}

}  // namespace musclemap::batch
