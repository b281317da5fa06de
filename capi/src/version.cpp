#include "musclemap/version.hpp"

#include "musclemap.h"
#include "musclemap/error.hpp"
#include "musclemap/run.hpp"

uint32_t mm_abi_version(void) noexcept { return MM_ABI_VERSION; }

const char* mm_version_string(void) noexcept { return musclemap::kVersion; }

const char* mm_status_name(mm_status status) noexcept {
  return status == MM_OK ? "ok" : musclemap::code_name(static_cast<musclemap::ErrorCode>(status));
}

const char* mm_reason_name(int32_t reason) noexcept {
  return musclemap::reason_name(static_cast<musclemap::Reason>(reason));
}

const char* mm_stage_name(int32_t stage) noexcept {
  return musclemap::stage_name(static_cast<musclemap::Stage>(stage));
}

int32_t mm_available_threads(void) noexcept {
  try {
    return musclemap::available_threads();
  } catch (...) {
    return 1;
  }
}
