#include <algorithm>

#include "base/text.hpp"
#include "guard.hpp"
#include "structs.hpp"
#include "task/trust_list.hpp"
#include "trusted_hashes.hpp"

namespace capi = musclemap::capi;
using capi::TrustedHashes;

namespace musclemap::capi {

TrustedHashes& TrustedHashes::of_process() {
  static TrustedHashes hashes;
  return hashes;
}

void TrustedHashes::add(const std::string& sha256) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (std::find(hashes_.begin(), hashes_.end(), sha256) == hashes_.end()) hashes_.push_back(sha256);
}

bool TrustedHashes::has(const std::string& sha256) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::find(hashes_.begin(), hashes_.end(), sha256) != hashes_.end();
}

std::size_t TrustedHashes::count() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return hashes_.size();
}

const std::string& TrustedHashes::at(std::int64_t index) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return hashes_[checked_index(index, hashes_.size(), "index")];
}

std::string checked_sha256(const char* sha256) {
  std::string text = base::ascii_lower(required(sha256, "sha256"));
  if (base::is_sha256_hex(text)) return text;
  throw Error(ErrorCode::argument,
              "sha256 is '" + base::printable(text) + "'; 64 hexadecimal digits are needed");
}

}  // namespace musclemap::capi

mm_status mm_trust_add(const char* sha256) noexcept {
  return capi::guarded([&] { TrustedHashes::of_process().add(capi::checked_sha256(sha256)); });
}

mm_status mm_trust_count(int64_t* out) noexcept {
  return capi::guarded([&] {
    capi::required(out, "out");
    *out = static_cast<int64_t>(TrustedHashes::of_process().count());
  });
}

mm_status mm_trust_at(int64_t index, const char** out) noexcept {
  return capi::guarded([&] {
    capi::required(out, "out");
    *out = TrustedHashes::of_process().at(index).c_str();
  });
}

mm_status mm_trust_check(const char* sha256, int32_t* out) noexcept {
  return capi::guarded([&] {
    capi::required(sha256, "sha256");
    capi::required(out, "out");
    const std::string hash = capi::checked_sha256(sha256);
    const bool trusted = TrustedHashes::of_process().has(hash) || musclemap::task::is_on_trust_list(hash);
    *out = trusted ? 1 : 0;
  });
}
