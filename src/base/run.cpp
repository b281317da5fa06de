#include "musclemap/run.hpp"

#include <sched.h>

#include <algorithm>
#include <thread>

namespace musclemap {

const char* stage_name(Stage stage) noexcept {
  switch (stage) {
    case Stage::read:
      return "read";
    case Stage::prepare:
      return "prepare";
    case Stage::infer:
      return "infer";
    case Stage::filter:
      return "filter";
    case Stage::write:
      return "write";
    case Stage::classify:
      return "classify";
    case Stage::measure:
      return "measure";
  }
  return "unknown";
}

CancelToken::CancelToken() : flag_(std::make_shared<std::atomic<bool>>(false)) {}

void CancelToken::cancel() noexcept { flag_->store(true); }

bool CancelToken::cancelled() const noexcept { return flag_->load(); }

int available_threads() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace musclemap
