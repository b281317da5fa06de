#include "cli/progress_timer.hpp"

namespace musclemap::cli {

bool ProgressTimer::note(const Progress& progress) {
  now_ = Clock::now();
  const bool other_stage = !latest_ || progress.stage != latest_->stage;
  if (other_stage) end_shown_.reset();
  if (other_stage || progress.done <= latest_->done) {
    first_ = progress;
    first_time_ = now_;
    if (!pace_.young) shown_ = now_;
  }
  latest_ = progress;

  const bool ends = progress.done >= progress.total;
  if (ends && !(pace_.ends && is_past_interval(end_shown_))) return false;
  if (!ends && !is_past_interval(shown_)) return false;
  shown_ = now_;
  if (ends) end_shown_ = now_;
  return true;
}

bool ProgressTimer::is_past_interval(const std::optional<Clock::time_point>& since) const {
  return !since || now_ - *since >= pace_.interval;
}

std::optional<double> ProgressTimer::seconds_left() const {
  if (!latest_) return std::nullopt;
  if (latest_->done >= latest_->total) return 0;
  if (latest_->done <= first_.done) return std::nullopt;
  const double spent = std::chrono::duration<double>(now_ - first_time_).count();
  return spent * static_cast<double>(latest_->total - latest_->done) /
         static_cast<double>(latest_->done - first_.done);
}

}  // namespace musclemap::cli
