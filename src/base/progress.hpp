// Progress of a call that is made of steps, and the moments at which it hears that it is cancelled.
#ifndef MUSCLEMAP_BASE_PROGRESS_HPP_
#define MUSCLEMAP_BASE_PROGRESS_HPP_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "musclemap/run.hpp"

namespace musclemap::base {

/// Of voxels between two reports of what reads or writes them.
inline constexpr std::int64_t kReportBytes = std::int64_t{8} << 20;

/// Error `cancelled` where the token says so.
void stop_if_cancelled(const RunControl& control);

/// Tells control.on_progress that `done` of `total` units are finished, which is the fraction too, then stops
/// if cancelled.
void report(const RunControl& control, Stage stage, std::int64_t done, std::int64_t total);

/// What a stage usually takes beside the others. docs/embedding.md has the table.
double stage_weight(Stage stage) noexcept;

/// A call of steps, one after the other: each gets a control of its own, and what it reports as its fraction
/// becomes that of the call.
class Steps {
 public:
  /// `control` must outlive the steps' controls. A step that is left out has weight 0.
  Steps(const RunControl& control, const std::vector<double>& weights);
  /// Like the call's control but for the fraction.
  RunControl step(std::size_t number) const;

 private:
  const RunControl& control_;
  std::vector<double> begin_;  // of each step, and 1
};

/// parallel_for() over `count` items on the control's threads; reports the items that are finished whenever
/// the calling thread has finished one, and at the end. Cancelling is heard before every item.
void parallel_for_reported(std::int64_t count, const RunControl& control, Stage stage,
                           const std::function<void(std::int64_t)>& body);

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_PROGRESS_HPP_
