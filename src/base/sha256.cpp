#include "base/sha256.hpp"

#include <sys/types.h>
// libmd's header needs the types above.
#include <sha256.h>

#include <cstring>

namespace musclemap::base {
namespace {

static_assert(sizeof(SHA256_CTX) <= 256);

SHA256_CTX load(const std::array<unsigned char, 256>& bytes) noexcept {
  SHA256_CTX context;
  std::memcpy(&context, bytes.data(), sizeof context);
  return context;
}

}  // namespace

Sha256::Sha256() noexcept {
  SHA256_CTX context{};
  SHA256_Init(&context);
  std::memcpy(context_.data(), &context, sizeof context);
}

void Sha256::update(const void* bytes, std::size_t count) noexcept {
  SHA256_CTX context = load(context_);
  SHA256_Update(&context, static_cast<const std::uint8_t*>(bytes), count);
  std::memcpy(context_.data(), &context, sizeof context);
}

Sha256::Digest Sha256::digest() const noexcept {
  SHA256_CTX context = load(context_);
  Digest result{};
  SHA256_Final(result.data(), &context);
  return result;
}

std::string Sha256::hex() const {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : digest()) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes.data(), bytes.size());
  return hash.hex();
}

}  // namespace musclemap::base
