// Segmenting images one after the other: a failed one does not stop the rest.
#ifndef MUSCLEMAP_BATCH_SEGMENT_BATCH_HPP_
#define MUSCLEMAP_BATCH_SEGMENT_BATCH_HPP_

#include <functional>
#include <vector>

#include "batch/job.hpp"
#include "musclemap/error.hpp"
#include "musclemap/segmenter.hpp"

namespace musclemap::batch {

/// What a program does around the segmentation of an image and what it hears; each may be empty. Errors of
/// `before` and `after` are those of the job.
struct BatchSteps {
  /// Makes the model, once there is an image to segment.
  std::function<ModelBundle()> model;
  /// Checks what it can before the image is segmented.
  std::function<void(const Job& job, const ModelBundle& bundle)> before;
  /// Works with the label map once it is there, this time or from before.
  std::function<void(const Job& job, const ModelBundle& bundle)> after;

  std::function<void(const Segmenter& segmenter)> loaded;
  std::function<void(const Job& job)> skipped;
  std::function<void(const Job& job, const SegmentReport& report)> segmented;
  /// The label map is there; before `after`.
  std::function<void(const Job& job)> labelled;
  std::function<void(const Job& job, const Error& error)> failed;
  /// The last word about a job.
  std::function<void(const Job& job)> finished;
  /// The batch's control with what is to be heard while an image is worked on.
  std::function<RunControl(const Job& job)> control_of;
};

/// Segments the jobs' images and writes their outcomes. An image that is not there fails before the others
/// cost hours. Errors of model and engine end the batch, as no image can be done without them.
/// @param control threads, limits and cancelling; once cancelled, jobs that were not begun are `cancelled`
void run_batch(const BatchRequest& request, const SegmentOptions& options, const RunControl& control,
               const BatchSteps& steps, std::vector<Job>* jobs);

}  // namespace musclemap::batch

#endif  // MUSCLEMAP_BATCH_SEGMENT_BATCH_HPP_
