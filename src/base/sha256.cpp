#include "base/sha256.hpp"

#include <sys/types.h>
// libmd's header needs the types above.
#include <sha256.h>

#include <array>
#include <cstdint>

namespace musclemap::base {

struct Sha256::Context {
  SHA256_CTX md;
};

Sha256::Sha256() : context_(std::make_unique<Context>()) { SHA256_Init(&context_->md); }
Sha256::~Sha256() = default;

void Sha256::update(const void* data, std::size_t bytes) {
  if (bytes != 0) SHA256_Update(&context_->md, static_cast<const std::uint8_t*>(data), bytes);
}

std::string Sha256::hex() {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256_Final(digest.data(), &context_->md);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 digest;
  digest.update(bytes.data(), bytes.size());
  return digest.hex();
}

}  // namespace musclemap::base
