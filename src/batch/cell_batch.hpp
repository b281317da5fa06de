// Pictures that are searched for cells one after the other: the model is loaded once, and a failed picture
// does not end the rest.
#ifndef MUSCLEMAP_BATCH_CELL_BATCH_HPP_
#define MUSCLEMAP_BATCH_CELL_BATCH_HPP_

#include <functional>
#include <memory>
#include <vector>

#include "batch/cell_files.hpp"

namespace musclemap::batch {

/// What a program does for the batch and what it hears; each but `segmenter` may be empty.
struct CellSteps {
  /// Opens and loads the model, once there is a picture to segment.
  std::function<std::unique_ptr<FrameSegmenter>()> segmenter;
  /// The batch's control with what is to be heard while a picture is worked on.
  std::function<RunControl(const CellJob& job)> control_of;
  std::function<void(const CellJob& job, const CellSummary& summary)> segmented;
  std::function<void(const CellJob& job, const Error& error)> failed;
  /// The last word about a job.
  std::function<void(const CellJob& job)> finished;
};

/// Headers of all pictures are looked at before the model is opened. Errors of model and engine end the
/// batch.
/// @param control threads, limits and cancelling; once cancelled, jobs that were not begun are `cancelled`
void run_cell_batch(const CellSettings& settings, const RunControl& control, const CellSteps& steps,
                    std::vector<CellJob>* jobs);

}  // namespace musclemap::batch

#endif  // MUSCLEMAP_BATCH_CELL_BATCH_HPP_
