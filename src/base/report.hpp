// Where a long call tells how far it is, and hears that it shall end.
#ifndef MUSCLEMAP_BASE_REPORT_HPP_
#define MUSCLEMAP_BASE_REPORT_HPP_

#include "musclemap/error.hpp"
#include "musclemap/run.hpp"

namespace musclemap::base {

/// Error `cancelled` where the run was.
inline void stop_if_cancelled(const RunControl& control) {
  if (control.cancel.cancelled()) throw Error(ErrorCode::cancelled, "the run was cancelled");
}

/// Tells control.on_progress, if there is one, whose throw comes out. Error `cancelled` where the run was.
inline void report(const RunControl& control, const Progress& progress) {
  if (control.on_progress) control.on_progress(progress);
  stop_if_cancelled(control);
}

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_REPORT_HPP_
