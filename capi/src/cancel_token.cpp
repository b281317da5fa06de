#include <memory>

#include "guard.hpp"
#include "handles.hpp"

namespace capi = musclemap::capi;

mm_status mm_cancel_token_create(mm_cancel_token** out) noexcept {
  return capi::guarded([&] {
    capi::required(out, "out");
    *out = std::make_unique<mm_cancel_token>().release();
  });
}

void mm_cancel_token_cancel(const mm_cancel_token* token) noexcept {
  if (!capi::may_free(token)) return;
  musclemap::CancelToken shared = token->token;
  shared.cancel();
}

int32_t mm_cancel_token_is_cancelled(const mm_cancel_token* token) noexcept {
  return capi::may_free(token) && token->token.cancelled() ? 1 : 0;
}

void mm_cancel_token_free(mm_cancel_token* token) noexcept {
  if (capi::may_free(token)) delete token;
}
