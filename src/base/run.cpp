#include "musclemap/run.hpp"

namespace musclemap {

const char* stage_name(Stage stage) noexcept {
  switch (stage) {
    case Stage::read:
      return "read";
    case Stage::prepare:
      return "prepare";
    case Stage::infer:
      return "infer";
    case Stage::restore:
      return "restore";
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

}  // namespace musclemap
