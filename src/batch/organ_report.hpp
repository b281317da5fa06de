// The report of a run as TotalSegmentator writes it.
#ifndef MUSCLEMAP_BATCH_ORGAN_REPORT_HPP_
#define MUSCLEMAP_BATCH_ORGAN_REPORT_HPP_

#include <filesystem>
#include <string>
#include <vector>

#include "batch/organ_job.hpp"
#include "musclemap/segmenter.hpp"
#include "musclemap/task.hpp"

namespace musclemap::batch {

/// JSON with the original's keys where there is something to say, and the library's version and engine.
std::string report_text(const Segmenter& segmenter, const OrganJob& job, const TaskOptions& options,
                        double seconds, const std::vector<std::filesystem::path>& files);

}  // namespace musclemap::batch

#endif  // MUSCLEMAP_BATCH_ORGAN_REPORT_HPP_
