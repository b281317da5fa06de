#include "batch/job.hpp"

#include "batch/case_channels.hpp"
#include "io/files/output_folder.hpp"
#include "io/files/output_guard.hpp"
#include "io/nifti/nifti_paths.hpp"
#include "musclemap/error.hpp"

namespace musclemap::batch {
namespace {

namespace fs = std::filesystem;

bool is_file_of_label_map(const fs::path& output) {
  std::error_code ignored;
  return io::is_output_name(output) && !fs::is_directory(output, ignored);
}

void check_output(const BatchRequest& request, std::size_t images) {
  if (!is_file_of_label_map(request.output)) {
    io::check_output_folder(request.output);
  } else if (images > 1) {
    throw Error(ErrorCode::argument, Reason::invalid,
                "is the name of a file, but there are " + std::to_string(images) +
                    " images; a folder is needed, in which label maps are named after them",
                request.output);
  }
}

fs::path label_map_of(const fs::path& image, const BatchRequest& request) {
  if (is_file_of_label_map(request.output)) return request.output;
  const fs::path folder = request.output.empty() ? image.parent_path() : request.output;
  return folder / (case_stem(image, request.channels) + request.suffix + ".nii.gz");
}

// What concerns one image alone is looked at when its turn comes.
void guard_jobs(const BatchRequest& request, const std::vector<Job>& jobs) {
  io::OutputGuard guard;
  for (const Job& job : jobs) {
    for (const fs::path& image : channel_files(job.image, request.channels))
      guard.reads_image(image, "image");
  }
  for (const Job& job : jobs) {
    std::error_code ignored;
    if (is_to_skip(request, job) || fs::equivalent(job.image, job.labels, ignored)) continue;
    guard.writes(job.labels, "label map of '" + job.image.string() + "'");
  }
}

}  // namespace

std::vector<Job> jobs_of(const BatchRequest& request) {
  const std::vector<fs::path> images = first_channels(request.images, request.channels);
  check_output(request, images.size());
  std::vector<Job> jobs;
  jobs.reserve(images.size());
  for (const fs::path& image : images) jobs.push_back({image, label_map_of(image, request)});
  guard_jobs(request, jobs);
  if (!request.files.picture.empty() && jobs.size() > 1) {
    throw Error(ErrorCode::argument, Reason::invalid,
                "is one picture, but there are " + std::to_string(jobs.size()) + " images",
                request.files.picture);
  }
  return jobs;
}

bool is_to_skip(const BatchRequest& request, const Job& job) {
  std::error_code ignored;
  return request.skip_existing && fs::exists(job.labels, ignored);
}

}  // namespace musclemap::batch
