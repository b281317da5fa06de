// TorchScript files that this process was told to trust.
#ifndef MUSCLEMAP_CAPI_TRUSTED_HASHES_HPP_
#define MUSCLEMAP_CAPI_TRUSTED_HASHES_HPP_

#include <deque>
#include <mutex>
#include <string>

namespace musclemap::capi {

/// SHA-256 in lower-case hex, in the order in which they came; none is ever taken out. Thread-safe.
class TrustedHashes {
 public:
  static TrustedHashes& of_process();

  void add(const std::string& sha256);
  bool has(const std::string& sha256) const;
  std::size_t count() const;
  /// Lives as long as the process. Error `argument`.
  const std::string& at(std::int64_t index) const;

 private:
  mutable std::mutex mutex_;
  std::deque<std::string> hashes_;  // its entries never move
};

/// In lower case. Error `argument` for what is no SHA-256.
std::string checked_sha256(const char* sha256);

}  // namespace musclemap::capi

#endif  // MUSCLEMAP_CAPI_TRUSTED_HASHES_HPP_
