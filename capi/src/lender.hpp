// Memory that the caller lends.
#ifndef MUSCLEMAP_CAPI_LENDER_HPP_
#define MUSCLEMAP_CAPI_LENDER_HPP_

#include "musclemap.h"

namespace musclemap::capi {

/// Calls the caller's release function when the last handle lets go, unless it was disarmed.
class Lender {
 public:
  Lender(mm_release_fn release, void* user_data) noexcept : release_(release), user_data_(user_data) {}
  ~Lender() {
    if (!armed_ || release_ == nullptr) return;
    try {
      release_(user_data_);
    } catch (...) {  // a C++ caller broke the rule; there is nobody left to tell
    }
  }
  Lender(const Lender&) = delete;
  Lender& operator=(const Lender&) = delete;
  void arm() noexcept { armed_ = true; }

 private:
  mm_release_fn release_;
  void* user_data_;
  bool armed_ = false;
};

}  // namespace musclemap::capi

#endif  // MUSCLEMAP_CAPI_LENDER_HPP_
