// When progress is shown, and how long the rest takes.
#ifndef MUSCLEMAP_CLI_PROGRESS_TIMER_HPP_
#define MUSCLEMAP_CLI_PROGRESS_TIMER_HPP_

#include <chrono>
#include <optional>

#include "musclemap/run.hpp"

namespace musclemap::cli {

/// How often a run is shown.
struct Pace {
  std::chrono::milliseconds interval;
  bool young = false;  ///< a stage that is not an interval old, too
  bool ends = false;   ///< the end of every stage, too, however soon it comes
};

/// Told of every state of a run, one after the other.
class ProgressTimer {
 public:
  explicit ProgressTimer(Pace pace) : pace_(pace) {}

  /// True when the state is to be shown.
  bool note(const Progress& progress);
  /// Of the stage, from its speed since its first state; unset before there is another.
  std::optional<double> seconds_left() const;

 private:
  using Clock = std::chrono::steady_clock;

  bool is_past_interval(const std::optional<Clock::time_point>& since) const;

  Pace pace_;
  Progress first_{};  // of the stage
  std::optional<Progress> latest_;
  Clock::time_point first_time_;
  Clock::time_point now_;
  std::optional<Clock::time_point> shown_;
  std::optional<Clock::time_point> end_shown_;  // of this stage, which may be gone through more than once
};

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_PROGRESS_TIMER_HPP_
