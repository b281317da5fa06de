#include "batch/segment_batch.hpp"

#include <algorithm>
#include <optional>

#include "batch/attempt.hpp"
#include "io/files/input_file.hpp"

namespace musclemap::batch {
namespace {

template <class Step, class... Arguments>
void tell(const Step& step, const Arguments&... arguments) {
  if (step) step(arguments...);
}

class Batch {
 public:
  Batch(const BatchRequest& request, const SegmentOptions& options, const RunControl& control,
        const BatchSteps& steps)
      : request_(request), options_(options), control_(control), steps_(steps) {}

  void run(std::vector<Job>& jobs) {
    for (Job& job : jobs) {
      const bool needed = steps_.after || !is_to_skip(request_, job);
      if (needed) attempt(job, steps_.failed, [&] { io::check_is_there(job.image); });
    }
    if (std::all_of(jobs.begin(), jobs.end(), [](const Job& job) { return job.failed(); })) {
      for (const Job& job : jobs) tell(steps_.finished, job);
      return;
    }
    const ModelBundle bundle = steps_.model();
    for (Job& job : jobs) {
      if (!job.failed()) do_one(job, bundle);
      tell(steps_.finished, job);
    }
  }

 private:
  void do_one(Job& job, const ModelBundle& bundle) {
    attempt(job, steps_.failed, [&] { begin(job, bundle); });
    if (job.outcome == Outcome::waiting) {
      load(bundle);
      attempt(job, steps_.failed, [&] { segment(job); });
    }
    if (job.failed()) return;
    tell(steps_.labelled, job);
    attempt(job, steps_.failed, [&] { tell(steps_.after, job, bundle); });
  }

  void begin(Job& job, const ModelBundle& bundle) {
    if (control_.cancel.cancelled()) throw Error(ErrorCode::cancelled, "not begun");
    if (is_to_skip(request_, job)) {
      job.outcome = Outcome::skipped;
      tell(steps_.skipped, job);
      return;
    }
    check_segment_files(job.image, job.labels, request_.files, &bundle);
    tell(steps_.before, job, bundle);
  }

  // For the first image that can be read.
  void load(const ModelBundle& bundle) {
    if (segmenter_) return;
    segmenter_.emplace(bundle, options_, control_);
    tell(steps_.loaded, *segmenter_);
  }

  void segment(Job& job) {
    segment_file(*segmenter_, job.image, job.labels, request_.files,
                 steps_.control_of ? steps_.control_of(job) : control_);
    job.outcome = Outcome::done;
    tell(steps_.segmented, job, segmenter_->report());
  }

  const BatchRequest& request_;
  const SegmentOptions& options_;
  const RunControl& control_;
  const BatchSteps& steps_;
  std::optional<Segmenter> segmenter_;
};

}  // namespace

void run_batch(const BatchRequest& request, const SegmentOptions& options, const RunControl& control,
               const BatchSteps& steps, std::vector<Job>* jobs) {
  Batch(request, options, control, steps).run(*jobs);
}

}  // namespace musclemap::batch
