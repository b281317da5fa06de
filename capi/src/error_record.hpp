// The last failure of each thread.
#ifndef MUSCLEMAP_CAPI_ERROR_RECORD_HPP_
#define MUSCLEMAP_CAPI_ERROR_RECORD_HPP_

#include "musclemap.h"

namespace musclemap::capi {

/// Notes the exception that is being handled and returns its status. Allocates nothing, so that it works when
/// memory has run out.
mm_status record_current_exception() noexcept;

}  // namespace musclemap::capi

#endif  // MUSCLEMAP_CAPI_ERROR_RECORD_HPP_
