#include "batch/organ_job.hpp"

#include <algorithm>

#include "batch/case_channels.hpp"
#include "io/files/output_folder.hpp"
#include "io/files/output_guard.hpp"
#include "io/nifti/nifti_paths.hpp"
#include "musclemap/error.hpp"

namespace musclemap::batch {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& message, const fs::path& file = {}) {
  throw Error(ErrorCode::argument, Reason::invalid, message, file);
}

std::vector<fs::path> images_in(const fs::path& folder) {
  std::vector<fs::path> images;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
    const fs::path& file = entry.path();
    if (io::is_output_name(file) && file.filename().native().front() != '.') images.push_back(file);
  }
  if (failed) throw Error(ErrorCode::io, Reason::io, "cannot be listed: " + failed.message(), folder);
  if (images.empty()) refuse("holds no NIfTI image (.nii, .nii.gz); DICOM series are not read", folder);
  std::sort(images.begin(), images.end());
  return images;
}

struct Images {
  std::vector<fs::path> files;
  bool several = false;  // a folder counts as several
};

Images images_of(const OrganRequest& request) {
  Images images;
  for (const fs::path& given : request.images) {
    std::error_code ignored;
    if (!fs::is_directory(given, ignored)) {
      images.files.push_back(given);
      continue;
    }
    for (const fs::path& image : images_in(given)) images.files.push_back(image);
    images.several = true;
  }
  images.several |= images.files.size() > 1;
  return images;
}

void check_request(const OrganRequest& request, bool several) {
  std::error_code ignored;
  if (request.radiomics && request.one_file) refuse("radiomics are those of class files; leave --ml out");
  if (request.radiomics && !request.label_files)
    refuse("radiomics are those of class files, which are not written");
  if (several || !request.one_file) {
    io::check_output_folder(request.output);
  } else if (!io::is_output_name(request.output) || fs::is_directory(request.output, ignored)) {
    refuse("the label map of all classes is one file, its name ends in .nii.gz or .nii", request.output);
  }
  if (!several) return;
  if (!request.statistics_file.empty())
    refuse("is one file of statistics, but there are several images", request.statistics_file);
  if (!request.report.empty()) refuse("is one report, but there are several images", request.report);
}

// A task may be named by its folder.
std::string file_name_of(const std::string& task) {
  const fs::path path = fs::path(task).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).filename().string();
}

OrganJob job_of(const fs::path& image, const OrganRequest& request, bool several, const std::string& task) {
  OrganJob job;
  job.image = image;
  const std::string stem = io::image_stem(image);
  fs::path folder = request.output;
  std::string before;  // of names that would be one for all images
  if (request.one_file) {
    const fs::path label_map = several ? request.output / (stem + ".nii.gz") : request.output;
    if (request.label_files) job.label_map = label_map;
    folder = label_map.parent_path();
    if (several) before = stem + "_";
    if (request.sidecar && request.label_files) job.sidecar = io::sidecar_path(label_map);
  } else {
    if (several) folder /= stem;
    if (request.label_files) job.class_folder = folder;
    if (request.sidecar && request.label_files) job.sidecar = folder / "segmentation.json";
  }
  if (request.statistics)
    job.statistics =
        request.statistics_file.empty() ? folder / (before + "statistics.json") : request.statistics_file;
  if (request.radiomics) job.radiomics = folder / (before + "statistics_radiomics.json");
  if (request.preview) job.preview = folder / (before + "preview_" + file_name_of(task) + ".png");
  job.report = request.report;
  return job;
}

void guard_jobs(const std::vector<OrganJob>& jobs) {
  io::OutputGuard guard;
  for (const OrganJob& job : jobs) guard.reads_image(job.image, "image");
  for (const OrganJob& job : jobs) {
    guard.writes(job.label_map, "label map of '" + job.image.string() + "'");
    guard.writes(job.class_folder, "folder of the class files of '" + job.image.string() + "'");
    guard.writes(job.statistics, "statistics");
    guard.writes(job.radiomics, "radiomics");
    guard.writes(job.preview, "preview");
    guard.writes(job.sidecar, "JSON about the labels");
    guard.writes(job.probabilities, "probabilities");
    guard.writes(job.report, "report");
  }
}

}  // namespace

OrganJob organ_job_of(const Job& job, const BatchRequest& request) {
  OrganJob organs;
  const std::vector<fs::path> channels = channel_files(job.image, request.channels);
  organs.image = channels.front();
  organs.others.assign(channels.begin() + 1, channels.end());
  organs.label_map = job.labels;
  if (request.files.sidecar) organs.sidecar = io::sidecar_path(job.labels);
  organs.picture = request.files.picture;
  if (is_to_skip(request, job)) organs.outcome = Outcome::skipped;
  return organs;
}

void keep_probabilities(const fs::path& file, std::vector<OrganJob>* jobs) {
  if (file.empty()) return;
  if (file.extension() == ".pkl")
    refuse("is the name of what is written beside probabilities; those go into a file called .npz", file);
  for (OrganJob& job : *jobs)
    job.probabilities = jobs->size() > 1 ? file / (io::image_stem(job.image) + ".npz") : file;
}

std::vector<OrganJob> organ_jobs(const OrganRequest& request, const std::string& task) {
  const Images images = images_of(request);
  check_request(request, images.several);
  std::vector<OrganJob> jobs;
  for (const fs::path& image : images.files) jobs.push_back(job_of(image, request, images.several, task));
  keep_probabilities(request.probabilities, &jobs);
  guard_jobs(jobs);
  return jobs;
}

}  // namespace musclemap::batch
