#include "io/files/gzip_header.hpp"

#include <isa-l/crc.h>

#include <cstdint>

namespace musclemap::io {
namespace {

constexpr unsigned kHeaderCrc = 2;
constexpr unsigned kExtra = 4;
constexpr unsigned kName = 8;
constexpr unsigned kComment = 16;
constexpr unsigned kReserved = 0xe0;
constexpr unsigned kDeflate = 8;
constexpr int kTimeLevelAndSystem = 6;

}  // namespace

const char* skip_gzip_header(const std::function<unsigned char()>& next_byte) {
  std::uint32_t crc = 0;
  const auto byte = [&]() -> unsigned {
    const unsigned char value = next_byte();
    crc = crc32_gzip_refl(crc, &value, 1);
    return value;
  };
  const auto word = [&] {
    const unsigned low = byte();
    return low | byte() << 8;
  };
  if (word() != 0x8b1f) return "a member does not begin as gzip does";
  if (byte() != kDeflate) return "a member's method is not deflate";
  const unsigned flags = byte();
  if ((flags & kReserved) != 0) return "a member's header has unknown flags";
  for (int i = 0; i < kTimeLevelAndSystem; ++i) byte();
  if ((flags & kExtra) != 0) {
    for (unsigned left = word(); left > 0; --left) byte();
  }
  for (const unsigned text : {kName, kComment}) {
    if ((flags & text) == 0) continue;
    while (byte() != 0) {
    }
  }
  if ((flags & kHeaderCrc) != 0) {
    const std::uint32_t right = crc & 0xffff;
    if (word() != right) return "a member's header has a wrong checksum";
  }
  return nullptr;
}

}  // namespace musclemap::io
