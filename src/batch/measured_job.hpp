// Measuring the label map of a job right after it was made.
#ifndef MUSCLEMAP_BATCH_MEASURED_JOB_HPP_
#define MUSCLEMAP_BATCH_MEASURED_JOB_HPP_

#include "batch/job.hpp"
#include "musclemap/metrics.hpp"

namespace musclemap::batch {

/// `common` with the job's image, label map and folder, which is that of the label map.
MetricsRequest measured(const MetricsRequest& common, const Job& job);

/// The same with the model's names.
MetricsRequest measured(const MetricsRequest& common, const Job& job, const ModelBundle& bundle);

/// <image>_qc.png beside the label map.
std::filesystem::path picture_of(const Job& job);

/// Error `argument` if a result would replace an input, the JSON beside the label map, or another result.
void check_results(const MetricsRequest& request);

}  // namespace musclemap::batch

#endif  // MUSCLEMAP_BATCH_MEASURED_JOB_HPP_
