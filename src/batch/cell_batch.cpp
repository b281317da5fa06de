#include "batch/cell_batch.hpp"

#include <algorithm>

#include "batch/attempt.hpp"
#include "io/files/input_file.hpp"

namespace musclemap::batch {

void run_cell_batch(const CellSettings& settings, const RunControl& control, const CellSteps& steps,
                    std::vector<CellJob>* jobs) {
  const auto waits = [](const CellJob& job) { return job.outcome == Outcome::waiting; };
  const auto finish = [&](const CellJob& job) {
    if (steps.finished) steps.finished(job);
  };
  for (CellJob& job : *jobs) {
    attempt(job, steps.failed, [&] {
      io::check_is_there(job.image);
      check_cell_files(job, settings);
    });
  }
  if (std::none_of(jobs->begin(), jobs->end(), waits)) {
    std::for_each(jobs->begin(), jobs->end(), finish);
    return;
  }
  const std::unique_ptr<FrameSegmenter> segmenter = steps.segmenter();
  for (CellJob& job : *jobs) {
    if (waits(job)) {
      attempt(job, steps.failed, [&] {
        if (control.cancel.cancelled()) throw Error(ErrorCode::cancelled, "not begun");
        const RunControl own = steps.control_of ? steps.control_of(job) : control;
        const CellSummary summary = write_cell_files(*segmenter, job, settings, own);
        job.outcome = Outcome::done;
        if (steps.segmented) steps.segmented(job, summary);
      });
    }
    finish(job);
  }
}

}  // namespace musclemap::batch
