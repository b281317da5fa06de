// SHA-256 of bytes that come in pieces.
#ifndef MUSCLEMAP_BASE_SHA256_HPP_
#define MUSCLEMAP_BASE_SHA256_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace musclemap::base {

/// One thread at a time.
class Sha256 {
 public:
  using Digest = std::array<std::uint8_t, 32>;

  Sha256() noexcept;
  void update(const void* bytes, std::size_t count) noexcept;
  /// Of everything so far; more may follow.
  Digest digest() const noexcept;
  /// The digest as 64 lower-case hexadecimal digits.
  std::string hex() const;

 private:
  // Room for libmd's context, whose header stays out of this one.
  alignas(8) std::array<unsigned char, 256> context_{};
};

/// SHA-256 of `bytes`, 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_SHA256_HPP_
