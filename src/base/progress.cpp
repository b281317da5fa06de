#include "base/progress.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/parallel.hpp"
#include "musclemap/error.hpp"

namespace musclemap::base {

void stop_if_cancelled(const RunControl& control) {
  if (control.cancel.cancelled()) throw Error(ErrorCode::cancelled, "the run was cancelled");
}

void report(const RunControl& control, Stage stage, std::int64_t done, std::int64_t total) {
  if (control.on_progress) {
    const double fraction = done < total ? static_cast<double>(done) / static_cast<double>(total) : 1;
    control.on_progress({stage, done, total, fraction});
  }
  stop_if_cancelled(control);
}

double stage_weight(Stage stage) noexcept {
  switch (stage) {
    case Stage::read:
      return 2;
    case Stage::prepare:
      return 3;
    case Stage::infer:
      return 90;
    case Stage::filter:
      return 1;
    case Stage::write:
      return 1;
    case Stage::classify:
      return 2;
    case Stage::measure:
      return 2;
  }
  return 0;
}

Steps::Steps(const RunControl& control, const std::vector<double>& weights) : control_(control) {
  double all = 0;
  for (const double weight : weights) {
    begin_.push_back(all);
    all += weight;
  }
  for (double& begin : begin_) begin /= all;
  begin_.push_back(1);
}

RunControl Steps::step(std::size_t number) const {
  RunControl own = control_;
  if (!control_.on_progress) return own;
  own.on_progress = [tell = &control_.on_progress, begin = begin_[number],
                     end = begin_[number + 1]](const Progress& of_step) {
    Progress progress = of_step;
    progress.fraction = of_step.fraction < 1 ? begin + (end - begin) * of_step.fraction : end;
    (*tell)(progress);
  };
  return own;
}

void parallel_for_reported(std::int64_t count, const RunControl& control, Stage stage,
                           const std::function<void(std::int64_t)>& body) {
  const std::thread::id caller = std::this_thread::get_id();
  std::atomic<std::int64_t> done{0};
  std::int64_t told = 0;
  parallel_for(count, resolve_threads(control.threads), [&](std::int64_t item) {
    stop_if_cancelled(control);
    body(item);
    const std::int64_t finished = ++done;
    if (std::this_thread::get_id() != caller || finished <= told) return;
    told = finished;
    report(control, stage, finished, count);
  });
  if (told < count) report(control, stage, count, count);
}

}  // namespace musclemap::base
