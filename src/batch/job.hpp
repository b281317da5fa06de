// What a batch segments, and where its results go.
#ifndef MUSCLEMAP_BATCH_JOB_HPP_
#define MUSCLEMAP_BATCH_JOB_HPP_

#include <filesystem>
#include <string>
#include <vector>

#include "base/words.hpp"
#include "musclemap/segmenter.hpp"

namespace musclemap {
namespace batch {

struct BatchRequest {
  std::vector<std::filesystem::path> images;
  int channels = 1;  ///< that a network sees; of several each case has a file for each (case_channels.hpp)
  std::filesystem::path output;  ///< folder, or the file of one label map; empty: next to the image
  std::string suffix = "_dseg";  ///< what is added to the image's name
  bool skip_existing = false;    ///< leave images alone whose label map exists
  SegmentFileOptions files;      ///< what is written beside each label map; a picture belongs to one image
};

enum class Outcome { waiting, done, skipped, failed, cancelled };

/// One image of a batch.
struct Job {
  std::filesystem::path image;  ///< of several channels the first
  std::filesystem::path labels;
  Outcome outcome = Outcome::waiting;

  bool failed() const { return outcome == Outcome::failed || outcome == Outcome::cancelled; }
};

/// In the order of the images, of several channels a job for each case. Error `argument` for label maps of
/// one name, or with the name of an image; for an output that is neither a folder nor, for one image, a label
/// map's file (.nii or .nii.gz); for a picture of several images; for channels that are missing.
std::vector<Job> jobs_of(const BatchRequest& request);

/// Whether the job has nothing to do, as its label map exists and is to be left alone.
bool is_to_skip(const BatchRequest& request, const Job& job);

}  // namespace batch

namespace base {

template <>
struct Words<batch::Outcome> {
  static constexpr WordList<batch::Outcome, 5> kList{{{batch::Outcome::waiting, "waiting"},
                                                      {batch::Outcome::done, "done"},
                                                      {batch::Outcome::skipped, "skipped"},
                                                      {batch::Outcome::failed, "failed"},
                                                      {batch::Outcome::cancelled, "cancelled"}}};
};

}  // namespace base
}  // namespace musclemap

#endif  // MUSCLEMAP_BATCH_JOB_HPP_
