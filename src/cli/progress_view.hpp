// The ways in which a run's progress is shown.
#ifndef MUSCLEMAP_CLI_PROGRESS_VIEW_HPP_
#define MUSCLEMAP_CLI_PROGRESS_VIEW_HPP_

#include <memory>
#include <optional>
#include <string>

#include "cli/progress_timer.hpp"
#include "musclemap/run.hpp"

namespace musclemap::cli {

class ProgressView {
 public:
  virtual ~ProgressView() = default;
  virtual Pace pace() const = 0;
  /// `file` is what is worked on.
  virtual void show(const std::string& file, const Progress& progress,
                    std::optional<double> seconds_left) = 0;
  /// Takes away what is not to stay.
  virtual void clear() {}
};

/// A bar on standard error, a terminal, as wide as that is at the moment.
std::unique_ptr<ProgressView> bar_view();

/// A line on standard error now and then.
std::unique_ptr<ProgressView> line_view();

/// {"progress": {"file", "stage", "done", "total", "seconds_left"}} on standard output; null for what is not
/// known.
std::unique_ptr<ProgressView> json_view();

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_PROGRESS_VIEW_HPP_
