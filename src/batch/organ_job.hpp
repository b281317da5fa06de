// Images that a task segments as TotalSegmentator does, and the files that become of each.
#ifndef MUSCLEMAP_BATCH_ORGAN_JOB_HPP_
#define MUSCLEMAP_BATCH_ORGAN_JOB_HPP_

#include <filesystem>
#include <string>
#include <vector>

#include "batch/job.hpp"

namespace musclemap::batch {

/// What is asked for.
struct OrganRequest {
  std::vector<std::filesystem::path> images;  ///< NIfTI files, and folders whose NIfTI files are meant
  /// The folder of the class files, or with one_file the label map; of several images a folder for both.
  std::filesystem::path output;
  bool one_file = false;    ///< one label map instead of a file for each class
  bool label_files = true;  ///< write label map or class files; else only what else is asked for
  bool statistics = false;
  std::filesystem::path statistics_file;   ///< empty: statistics.json beside the label map or class files
  bool stats_include_incomplete = false;   ///< also of classes at the border of the image
  std::string stats_aggregation = "mean";  ///< or "median"
  bool stats_extra = false;                ///< more than volume and intensity
  bool radiomics = false;
  bool preview = false;
  std::filesystem::path report;  ///< empty: none
  /// TaskOptions::save_probabilities; of several images a folder of a file for each.
  std::filesystem::path probabilities;
  bool header_text = true;  ///< keep extensions and free text of the image's header
  bool sidecar = true;      ///< a JSON that says how the labels came about
  int label_extension = 0;  ///< code of the header extension that names the labels of a label map
};

/// The files of one image; an empty path is not written.
struct OrganJob {
  std::filesystem::path image;                ///< of several channels the first
  std::vector<std::filesystem::path> others;  ///< the other channels
  std::filesystem::path label_map;            ///< of all classes
  std::filesystem::path class_folder;         ///< of the files of one class each
  std::filesystem::path statistics;
  std::filesystem::path radiomics;
  std::filesystem::path preview;
  std::filesystem::path report;
  std::filesystem::path probabilities;  ///< of a task with several networks the name before their parts'
  std::filesystem::path sidecar;
  std::filesystem::path picture;  ///< slices with the labels over them
  Outcome outcome = Outcome::waiting;

  bool failed() const { return outcome == Outcome::failed || outcome == Outcome::cancelled; }
};

/// In the order of the images, those of a folder by their names. Of one image the names are
/// TotalSegmentator's: statistics.json, statistics_radiomics.json and preview_<task>.png lie in the folder of
/// the class files, or beside the label map. Of several each has a folder <image> of class files, or a label
/// map <image>.nii.gz with <image>_statistics.json and so on beside it, and probabilities in <image>.npz of
/// their folder. Error `argument` for a folder without
/// images, for an output of the wrong kind, for files that would replace an image or each other, for one file
/// of statistics or report of several images, for radiomics with one_file.
std::vector<OrganJob> organ_jobs(const OrganRequest& request, const std::string& task);

/// The same of a job that writes one label map beside its image; `skipped` where that exists and is to be
/// left alone.
OrganJob organ_job_of(const Job& job, const BatchRequest& request);

/// Gives each job its file of probabilities: `file` of one image; of several it is a folder, and the names
/// are those of the images. An empty one: none is written. Error `argument` for the name of a .pkl.
void keep_probabilities(const std::filesystem::path& file, std::vector<OrganJob>* jobs);

}  // namespace musclemap::batch

#endif  // MUSCLEMAP_BATCH_ORGAN_JOB_HPP_
