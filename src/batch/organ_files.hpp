// What a task writes for one image: label map or class files, statistics, radiomics, preview, report,
// sidecar.
#ifndef MUSCLEMAP_BATCH_ORGAN_FILES_HPP_
#define MUSCLEMAP_BATCH_ORGAN_FILES_HPP_

#include <filesystem>
#include <vector>

#include "batch/organ_job.hpp"
#include "musclemap/segmenter.hpp"
#include "musclemap/task.hpp"

namespace musclemap::batch {

/// What can be checked before a network runs: one volume of three axes and real numbers; class files that
/// would replace none of the images or the task's weights; folders that can be written. Errors as those of
/// open_nifti(); `argument`; `io`.
void check_organ_files(const OrganJob& job, const Task& task, const TaskOptions& options);

/// Segments the image and writes the job's files: all of them get their names at the end, or none does.
/// Statistics are those of the task's grid with TaskOptions::fast, else of the image's
/// (docs/totalsegmentator.md). Errors as above and those of Segmenter::run().
/// @return the files, class files by their folder
std::vector<std::filesystem::path> write_organ_files(Segmenter& segmenter, const OrganJob& job,
                                                     const OrganRequest& request, const TaskOptions& options,
                                                     const RunControl& control);

}  // namespace musclemap::batch

#endif  // MUSCLEMAP_BATCH_ORGAN_FILES_HPP_
