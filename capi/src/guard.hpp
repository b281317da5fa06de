// The wall that no exception passes.
#ifndef MUSCLEMAP_CAPI_GUARD_HPP_
#define MUSCLEMAP_CAPI_GUARD_HPP_

#include <utility>

#include "error_record.hpp"
#include "musclemap.h"

namespace musclemap::capi {

/// Runs `body`; whatever it throws becomes a status and the thread's error record.
template <class Body>
mm_status guarded(Body&& body) noexcept {
  try {
    std::forward<Body>(body)();
    return MM_OK;
  } catch (...) {
    return record_current_exception();
  }
}

}  // namespace musclemap::capi

#endif  // MUSCLEMAP_CAPI_GUARD_HPP_
