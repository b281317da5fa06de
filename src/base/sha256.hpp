// SHA-256 of bytes.
#ifndef MUSCLEMAP_BASE_SHA256_HPP_
#define MUSCLEMAP_BASE_SHA256_HPP_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace musclemap::base {

/// Incremental digest. One thread at a time.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(const void* data, std::size_t bytes);
  /// 64 lower-case digits; ends the digest.
  std::string hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// SHA-256 of `bytes`, 64 lower-case digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_SHA256_HPP_
